/** The thread that reads map files: what it hands over, and what is left when that fails. */
import { expect, it } from 'vitest'
import { crsOf } from '../../../geo/crs/crs.ts'
import type { ImportChoices } from '../../../geo/import/import.ts'
import { FARMLAND } from '../../../geo/layer/farmland.ts'
import { formatOf } from '../../../server/format/formats.ts'
import { stageFile } from '../../../server/format/isolated.ts'

const ROWS = 6500
const CHOICES: ImportChoices = {
  crs: 'EPSG:4490', swap: false, encoding: null, part: null, x: null, y: null, key: null, mode: 'add', repair: true, leaveOut: false, source: '', licence: '', fields: { number: { column: '编号' } },
} // prettier-ignore

async function file() {
  const ring = (i: number) => Float64Array.from([0, 0, 1, 0, 1, 1, 0, 1, 0, 0], (value, k) => (k % 2 ? 31 : 121) + (i + value * 0.9) * 1e-5)
  const features = Array.from({ length: ROWS }, (_, i) => ({ shape: { kind: 'polygon' as const, parts: [[ring(i)]] }, values: [`地${i}`] }))
  const { bytes } = await formatOf('shapefile').write!({ name: 'p', geometry: 'polygon', columns: [{ name: '编号', type: 'text' }], features, crs: crsOf('EPSG:4490')!, title: '' }, '')
  return { name: 'p.zip', bytes }
}
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('should hand over every feature in order, two parts at a time and no more', async () => {
  let [rows, compared, underWay, most] = [0, 0, 0, 0]
  let second = () => {}
  const secondCame = new Promise<void>((resolve) => (second = resolve))
  await stageFile(await file(), { layer: FARMLAND, choices: CHOICES, local: null }, async (part) => {
    most = Math.max(most, ++underWay)
    if (underWay === 2) second()
    if ('ones' in part) compared += part.until - part.from
    else {
      expect(part.keys.split('\n')).toHaveLength(part.rows)
      expect(part.properties).toContain(`地${rows}`)
      rows += part.rows
    }
    // The first is not taken before the second is here; time for a third to come, if it would.
    await secondCame
    await later(100)
    underWay--
  })
  expect({ rows, compared, most }).toEqual({ rows: ROWS, compared: ROWS, most: 2 })
})

it('should fail with what took a part, and not before the other one is over', async () => {
  let [calls, ended] = [0, 0]
  const failing = stageFile(await file(), { layer: FARMLAND, choices: CHOICES, local: null }, async () => {
    const isFirst = ++calls === 1
    await later(isFirst ? 300 : 900)
    ended++
    if (isFirst) throw new Error('the database said no')
  })
  await expect(failing).rejects.toThrow('the database said no')
  expect(ended).toBe(2)
  await later(500)
  expect(ended).toBe(2)
})

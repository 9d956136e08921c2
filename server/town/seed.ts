import { readFile } from 'node:fs/promises'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { bySystem } from '../audit/queries.ts'
import type { Sql } from '../database/connect.ts'
import { currentSetId, lockBoundarySets, upsertTowns } from './queries.ts'
import { examineFile, mustBeStorable, storeBoundaries } from './store.ts'

const FILE = new URL('../../seeds/towns.geojson', import.meta.url)
const FIRST_START = bySystem('first start')

/**
 * Writes the district's towns as this version knows them and, where there are no boundaries yet, the schematic ones (示意)
 * of seeds/towns.geojson. May run at every start, and in several processes at once.
 */
export async function seedTowns(sql: Sql, at: string | null = null): Promise<void> {
  await sql.begin(async (tx) => {
    await lockBoundarySets(tx)
    await upsertTowns(tx, QINGPU)
  })
  if ((await currentSetId(sql, QINGPU.code)) != null) return
  const bytes = new Uint8Array(await readFile(FILE))
  const { source, licence, credit } = JSON.parse(new TextDecoder().decode(bytes)) as Record<
    'source' | 'licence' | 'credit',
    string
  >
  const file = { name: 'towns.geojson', bytes }
  const examined = await examineFile(sql, file, QINGPU)
  mustBeStorable(examined, false)
  await sql.begin(async (tx) => {
    await lockBoundarySets(tx)
    // Another process may have been quicker.
    if ((await currentSetId(tx, QINGPU.code)) != null) return
    const options = { kind: '示意', source, licence, credit, acceptWarnings: false, replaces: null, at } as const
    await storeBoundaries(tx, FIRST_START, file, examined, QINGPU, options)
  })
}

/**
 * The demonstration's photos: plain pictures that are drawn, say what they are, and show how photos look beside reports and findings. Which reports and
 * findings have one is told by what they are; the picture is a drawing like any page. Pure, and the same every time.
 */
import type { At, Drawing, Item } from '../../geo/snapshot/drawing.ts'
import type { DemoFinding } from './findings.ts'
import type { DemoReport } from './year.ts'

/** What is seen: land that is tilled, a road, a ditch with rubbish, and the same ditch cleared. */
export type Scene = 'field' | 'road' | 'littered' | 'cleared'

export interface DemoPhoto {
  scene: Scene
  /** ISO date, as it stands in the picture. */
  day: string
}

/** In drawing units; so many pixels are made of each. */
const [WIDTH, HEIGHT] = [120, 80]
export const PHOTO_PIXELS = { pixels: { width: 480, height: 320 }, perMm: 4 } as const

const rect = (x: number, y: number, width: number, height: number, fill: string): Item => ({ kind: 'rect', x, y, width, height, fill })
const area = (fill: string, ...line: At[]): Item => ({ kind: 'path', lines: [line], closed: true, fill })
const SKY = '#bcd6ea'
const SCENES: Record<Scene, Item[]> = {
  field: [rect(0, 0, WIDTH, 34, SKY), rect(0, 34, WIDTH, 46, '#7fae5c'), ...[0, 1, 2, 3, 4, 5, 6].map((i) => area('#5f9442', [60, 34], [i * 24 - 22, 80], [i * 24 - 12, 80]))],
  road: [rect(0, 0, WIDTH, 30, SKY), rect(0, 30, WIDTH, 50, '#93b67a'), area('#8d949c', [56, 30], [64, 30], [104, 80], [16, 80]), ...[34, 44, 58].map((y, i) => area('#ffffff', [59.6 - i / 4, y], [60.4 + i / 4, y], [60.8 + i / 2, y + 4 + i * 3], [59.2 - i / 2, y + 4 + i * 3]))],
  littered: [...ditch('#71816a'), ...([[38, 58], [52, 66], [70, 55], [82, 70]] as const).map(([x, y], i): Item => rect(x, y, 7 - i, 4, ['#d9c7a0', '#c25b4e', '#e4e4e4', '#4f6fa5'][i]!))], // prettier-ignore
  cleared: ditch('#6f9fc4'),
}
function ditch(water: string): Item[] {
  return [rect(0, 0, WIDTH, 26, SKY), rect(0, 26, WIDTH, 54, '#8fb070'), area(water, [54, 26], [66, 26], [100, 80], [20, 80])]
}

/** The picture: the scene, and over it what it is. */
export function photoDrawing({ scene, day }: DemoPhoto): Drawing {
  const line = (y: number, text: string, size: number): Item => ({ kind: 'text', x: WIDTH / 2, y, text, size, weight: 700, colour: '#17212c', anchor: 'middle', halo: '#ffffff' })
  const items = [...SCENES[scene], line(HEIGHT / 2, '演示照片', 13), line(HEIGHT / 2 + 12, day, 8)]
  return { width: WIDTH, height: HEIGHT, background: '#ffffff', blocks: [{ id: 'map', x: 0, y: 0, width: WIDTH, height: HEIGHT, clipped: true, onMap: false, items }] }
}

/** At most so many reports and findings have photos: they show what photos look like. */
const MOST_REPORTS = 6
const MOST_FINDINGS = 4

/** Reports that wait for their review, and roads under way in autumn. */
export function photosOfReports(reports: readonly DemoReport[], isRoad: (measure: string) => boolean): { report: DemoReport; photo: DemoPhoto }[] {
  const waiting = reports.filter(({ state }) => state === 'submitted')
  const roads = reports.filter(({ month, measure, state }) => month.endsWith('-10') && state === 'approved' && isRoad(measure))
  return [...waiting.slice(0, MOST_REPORTS - 2), ...roads.slice(0, 2)].map((report) => ({ report, photo: { scene: isRoad(report.measure) ? 'road' : 'field', day: `${report.month}-26` } }))
}

/** The first finding of each state that it can be in, as it was found and, where it was, as it was put right. */
export function photosOfFindings(findings: readonly DemoFinding[]): { finding: DemoFinding; stage: 'found' | 'fixed'; photo: DemoPhoto }[] {
  const first = [...Map.groupBy(findings, ({ steps }) => steps.at(-1)!.state).values()].flatMap((its) => its[0] ?? []).slice(0, MOST_FINDINGS)
  return first.flatMap((finding) => {
    const { fixedOn } = finding.steps.at(-1)!
    const found = { finding, stage: 'found' as const, photo: { scene: 'littered' as const, day: finding.foundOn } }
    return fixedOn ? [found, { finding, stage: 'fixed' as const, photo: { scene: 'cleared' as const, day: fixedOn } }] : [found]
  })
}

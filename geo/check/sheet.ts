/** 核查单: a check's sheet as pages of a drawing, from what a run froze and nothing else. Pure; the server makes the PDF of it. */
import { formatNumber } from '../number/format.ts'
import { formatDate, formatValue, type Lang } from '../number/in-words.ts'
import { FARMLAND } from '../layer/farmland.ts'
import { text } from '../snapshot/context.ts'
import type { Box, DrawnBlock, Drawing, Item } from '../snapshot/drawing.ts'
import { COLOUR } from '../snapshot/theme.ts'
import { cut, lines, widthOf } from '../snapshot/type.ts'
import { PAGE_WORDS } from '../snapshot/words.ts'
import { unitNames } from '../town/names.ts'
import { VERDICTS, type Verdict } from './check.ts'
import type { CheckContent } from './content.ts'
import { checkMap } from './map.ts'
import { CHECK_CHOICES, CHECK_SOURCES, changeOf, checkNumber, choiceOf, RUN_CAUSES, type Acknowledgement, type CheckSource, type Differences, type RunCause } from './record.ts'
import { pagesOf, type Cell, type Flow, type SheetTable } from './sheet-table.ts'
import { SHEET_WORDS } from './words.ts'

/** What the record says beside the run. */
export interface SheetRecord {
  year: number
  no: number
  applicant: string
  purpose: string
  source: CheckSource
  sourceWords: string
  towns: readonly string[]
  toleranceMu: number
  demo: boolean
  run: { no: number; cause: RunCause; differences: Differences | null }
  /** What became of the check since its first run: the newest run, how far they were looked at, which one stands. */
  newest: number
  acknowledgedRun: number
  standingRun: number
  runs: readonly { no: number; verdict: Verdict; dataVersion: number }[]
  /** The newest first, each with how whoever made it is called. */
  acknowledgements: readonly (Omit<Acknowledgement, 'at'> & { byName: string; at: { day: string; time: string } })[]
  /** How whoever ran it is called. */
  maker: string
  /** China's date and time of day, as the sheet says it. */
  checkedAt: { day: string; time: string }
}

export const A4 = { width: 210, height: 297 } as const
const MARGIN = 12
/** The running text. */
const UNIT = 2.9
/** More parcels are in the system. */
const MOST_PARCELS = 400
const LOOK: Record<Verdict, { ink: string; wash: string }> = {
  clear: { ink: '#1a7a4c', wash: '#e6f3ec' },
  slivers: { ink: '#825600', wash: '#fdf3d9' },
  touches: { ink: '#b3261e', wash: '#fbeae7' },
}

/** Draws the sheet: the first page with the map, others where the parcels take them. */
export function sheetOf(record: SheetRecord, content: CheckContent, lang: Lang): Drawing[] {
  const words = SHEET_WORDS[lang]
  const width = A4.width - MARGIN * 2
  const head = headIn(record, content, lang)
  const facts = factsIn(record, content, lang, head.end)
  const verdict = verdictIn(content, lang, facts.end)
  const map = checkMap(content, { x: MARGIN, y: verdict.end }, lang)
  const legend = map.blocks.find(({ id }) => id === 'legend')!
  const first = [head.block, ...head.marks, facts.block, verdict.block, ...map.blocks]
  const flow: Flow = { left: MARGIN, width, top: legend.y + legend.height + 3, bottom: A4.height - MARGIN - 11, next: MARGIN + 11 }
  const pages = pagesOf(flow, [...differencesIn(record, lang), ...acknowledgedIn(record, width, lang), ...tablesOf(content, lang)], UNIT, words)
  return pages.map((blocks, i) => {
    const page = { no: i + 1, of: pages.length }
    const own = i === 0 ? first : [runningHead(record, lang)]
    return { ...A4, background: '#ffffff', blocks: [...own, ...blocks, ...footIn(record, content, map, page, lang)] }
  })
}

const block = (id: DrawnBlock['id'], box: Box, items: readonly Item[]): DrawnBlock => ({ id, ...box, clipped: false, onMap: false, items })
const rule = (y: number, colour: string, width: number): Item => ({ kind: 'path', lines: [[[MARGIN, y], [A4.width - MARGIN, y]]], closed: false, stroke: { colour, width } }) // prettier-ignore

/** 亩 to the hundredth, as everywhere. */
const mu = (amount: number) => formatNumber(Math.round(amount * 100) / 100, 2)
const percent = (share: number) => `${formatNumber(share * 100, 1)}%`
const word = (one: { zh: string; en: string } | undefined, lang: Lang) => (lang === 'en' ? one?.en : one?.zh) ?? ''
const kindWord = (kind: string, lang: Lang) => word(FARMLAND.fields.kind!.options![kind], lang) || kind
const townWord = (town: string | null, lang: Lang) => (town ? word(unitNames(town), lang) : SHEET_WORDS[lang].outside)

function headIn(record: SheetRecord, content: CheckContent, lang: Lang) {
  const words = SHEET_WORDS[lang]
  const end = MARGIN + 11
  const items = [
    text(MARGIN, MARGIN + 7, words.title, { size: 6.4, weight: 700, colour: COLOUR.ink }),
    text(A4.width - MARGIN, MARGIN + 3.2, checkNumber(record), { size: 3.8, weight: 700, colour: COLOUR.ink, anchor: 'end' }),
    rule(end, COLOUR.accent, 0.4),
  ]
  const page = PAGE_WORDS[lang]
  const marks = [...(record.demo || content.result.demo ? [page.demo] : []), ...(content.boundary?.kind === '示意' ? [page.schematic] : [])]
  const size = 2.7
  let x: number = A4.width - MARGIN
  const drawn = marks.toReversed().flatMap((mark): Item[] => {
    const wide = widthOf(mark, size, 700) + 3
    x -= wide
    const own: Item[] = [
      { kind: 'rect', x, y: MARGIN + 4.8, width: wide, height: 4.8, radius: 0.7, fill: '#fdf3d9', stroke: { colour: '#825600', width: 0.25 } },
      text(x + wide / 2, MARGIN + 8.2, mark, { size, weight: 700, colour: '#825600', anchor: 'middle' }),
    ]
    x -= 1.4
    return own
  })
  return { block: block('title', { x: MARGIN, y: MARGIN, width: A4.width - MARGIN * 2, height: 11 }, items), marks: marks.length ? [block('marks', { x, y: MARGIN + 4.8, width: A4.width - MARGIN - x, height: 4.8 }, drawn)] : [], end: end + 3.5 }
}

function runningHead(record: SheetRecord, lang: Lang): DrawnBlock {
  const items = [text(MARGIN, MARGIN + 4, `${SHEET_WORDS[lang].title}  ${checkNumber(record)}`, { size: UNIT, weight: 700, colour: COLOUR.ink2 }), rule(MARGIN + 6.5, COLOUR.accent, 0.25)]
  return block('title', { x: MARGIN, y: MARGIN, width: A4.width - MARGIN * 2, height: 6.5 }, items)
}

/** What the record says, two facts a row; long ones take a row of their own. */
function factsIn(record: SheetRecord, content: CheckContent, lang: Lang, top: number) {
  const words = SHEET_WORDS[lang]
  const { day, time } = record.checkedAt
  const rows: [string, string][][] = [
    [[words.applicant, record.applicant]],
    [[words.purpose, record.purpose || '—']],
    [[words.source, [word(CHECK_SOURCES[record.source], lang), record.sourceWords].filter(Boolean).join(lang === 'en' ? ': ' : '：')]],
    [[words.towns, record.towns.map((town) => townWord(town, lang)).join(PAGE_WORDS[lang].comma) || words.outside], [words.area, formatValue(Math.round(content.result.areaMu * 100) / 100, '亩', lang)]], // prettier-ignore
    [[words.checkedAt, `${formatDate(day, lang)} ${time}`], [words.dataVersion, formatNumber(content.dataVersion)]],
    [[words.run, words.runIs(record.run.no, word(RUN_CAUSES[record.run.cause], lang))], [words.tolerance, formatValue(record.toleranceMu, '亩', lang)]], // prettier-ignore
    [[words.maker, record.run.cause === 'data' ? words.byItself : record.maker]],
    ...(record.newest > 1 ? [[[words.standing, standingIn(record, lang)]] as [string, string][]] : []),
  ]
  const label = Math.max(...rows.flat().map(([name]) => widthOf(name, UNIT))) + 3
  const half = (A4.width - MARGIN * 2) / 2
  const items: Item[] = []
  let y = top
  for (const row of rows) {
    const told = row.map(([name, value]) => ({ name, lines: lines(value, (row.length === 1 ? half * 2 : half) - label - 3, UNIT, 400, 2) }))
    told.forEach(({ name, lines: own }, i) => {
      items.push(text(MARGIN + half * i, y + UNIT, name, { size: UNIT, colour: COLOUR.ink3 }))
      own.forEach((line, k) => items.push(text(MARGIN + half * i + label, y + UNIT + k * UNIT * 1.35, line, { size: UNIT, colour: COLOUR.ink })))
    })
    y += UNIT * (1.65 + (Math.max(...told.map((one) => one.lines.length)) - 1) * 1.35)
  }
  return { block: block('subtitle', { x: MARGIN, y: top, width: half * 2, height: y - top }, items), end: y + 1.5 }
}

function verdictIn({ result, touched, remaining, remainingMu }: CheckContent, lang: Lang, top: number) {
  const words = SHEET_WORDS[lang]
  const { ink, wash } = LOOK[result.verdict]
  const told = [
    ...(touched ? [words.verdictIs(mu(result.permanent.mu), percent(result.permanent.share))] : []),
    ...(result.slivers.parcels ? [words.sliversAre(result.slivers.parcels, mu(result.slivers.mu))] : []),
    ...(touched ? [remaining ? words.remaining(mu(remainingMu)) : words.nothingLeft] : []),
  ].join(PAGE_WORDS[lang].and)
  const width = A4.width - MARGIN * 2
  const own = told ? lines(told, width - 8, UNIT, 400, 3) : []
  const height = 7 + own.length * UNIT * 1.45
  const items: Item[] = [
    { kind: 'rect', x: MARGIN, y: top, width, height, fill: wash },
    { kind: 'rect', x: MARGIN, y: top, width: 1.1, height, fill: ink },
    text(MARGIN + 4, top + 5, word(VERDICTS[result.verdict], lang).replace(/^./, (first) => first.toUpperCase()), { size: 3.7, weight: 700, colour: ink }),
    ...own.map((line, i) => text(MARGIN + 4, top + 5 + UNIT * 1.5 + i * UNIT * 1.45, line, { size: UNIT, colour: COLOUR.ink })),
  ]
  return { block: block('summary', { x: MARGIN, y: top, width, height }, items), end: top + height + 3 }
}

function tablesOf({ result }: CheckContent, lang: Lang): SheetTable[] {
  const words = SHEET_WORDS[lang]
  const { column } = words
  const end = (title: string, share: number) => ({ title, share, anchor: 'end' as const })
  const start = (title: string, share: number) => ({ title, share, anchor: 'start' as const })
  if (result.parcels.length === 0) return [{ title: words.none, columns: [], rows: [] }]
  const strong = (cells: Cell[]) => ({ cells, strong: true })
  const plain = (cells: Cell[], quiet = false) => ({ cells, quiet })
  const shown = result.parcels.slice(0, MOST_PARCELS)
  const left = result.parcels.length - shown.length
  return [
    {
      title: words.byKind,
      columns: [start(column.kind, 4), end(column.parcels, 1.5), end(column.mu, 2), end(column.share, 2)],
      rows: [
        ...result.byKind.map(({ kind, parcels, mu: amount, share }) => plain([kindWord(kind, lang), formatNumber(parcels), mu(amount), percent(share)])),
        strong([words.total, formatNumber(result.parcels.length), mu(result.total.mu), percent(result.total.share)]),
        strong([words.plotTotal, '', mu(result.areaMu), percent(1)]),
      ],
    },
    {
      title: words.byTown,
      columns: [start(column.town, 3), start(column.kind, 4), end(column.mu, 2)],
      rows: result.byTown.map(({ town, kind, mu: amount }) => plain([townWord(town, lang), kindWord(kind, lang), mu(amount)])),
    },
    {
      title: words.parcels(result.parcels.length),
      columns: [start(column.number, 3), start(column.kind, 2.6), start(column.owner, 2.4), start(column.town, 1.6), end(column.mu, 1.5), end(column.ofParcel, 1.5)],
      rows: [
        ...shown.map((one) => plain([one.number, kindWord(one.kind, lang), one.owner ?? '—', townWord(one.town, lang), mu(one.mu), one.sliver ? column.sliver : percent(one.share)], one.sliver)),
        ...(left ? [plain([words.more(left), '', '', '', '', ''])] : []),
      ],
    },
  ]
}

/** What this run found different from the one before, as a table of its own. */
function differencesIn({ run: { differences } }: SheetRecord, lang: Lang): SheetTable[] {
  if (!differences) return []
  const words = SHEET_WORDS[lang]
  const verdict = differences.verdict
  const amounts = differences.amounts.filter(({ what, kind }) => !(what === 'kind' && kind === 'permanent'))
  return [
    {
      title: verdict ? `${words.changed}${lang === 'en' ? ': ' : '：'}${word(VERDICTS[verdict.before], lang)} → ${word(VERDICTS[verdict.after], lang)}` : words.changed,
      columns: amounts.length ? [{ title: '', share: 4, anchor: 'start' }, { title: words.column.mu, share: 4, anchor: 'end' }] : [], // prettier-ignore
      rows: amounts.map(({ what, kind, before, after }) => ({ cells: [what === 'kind' ? kindWord(kind!, lang) : words.changedAmount[what], `${mu(before)} → ${mu(after)}`] })),
    },
  ]
}

const runIn = ({ runs }: SheetRecord, no: number, lang: Lang) => SHEET_WORDS[lang].runFound(no, word(VERDICTS[runs.find((run) => run.no === no)!.verdict], lang))

/** Which run's verdict is the check's, and whether what came later was looked at. */
function standingIn(record: SheetRecord, lang: Lang): string {
  const { newest, acknowledgedRun, standingRun, acknowledgements } = record
  const last = acknowledgements[0]
  const choice = last ? [word(CHECK_CHOICES[choiceOf(last)], lang)] : []
  const unseen = changeOf({ run: newest, acknowledgedRun }) === 'new' ? [SHEET_WORDS[lang].notSeen(newest)] : []
  return [runIn(record, standingRun, lang), ...choice, ...unseen].join(PAGE_WORDS[lang].and)
}

/** Who has seen the differences of later runs, when, on which data, and what they decided; the words beneath, whole. */
function acknowledgedIn(record: SheetRecord, width: number, lang: Lang): SheetTable[] {
  const words = SHEET_WORDS[lang]
  const { column } = words
  const start = (title: string, share: number) => ({ title, share, anchor: 'start' as const })
  if (record.acknowledgements.length === 0) return []
  return [
    {
      title: words.acknowledged,
      columns: [start(column.by, 2), start(column.at, 2.6), start(column.seen, 1.7), start(column.dataVersion, 1.7), start(column.choice, 5)],
      rows: record.acknowledgements.flatMap((one) => [
        { cells: [one.byName, `${formatDate(one.at.day, lang)} ${one.at.time}`, words.runShort(one.run), formatNumber(one.dataVersion), `${word(CHECK_CHOICES[choiceOf(one)], lang)} · ${runIn(record, one.stands, lang)}`] },
        ...(one.words ? lines(`${words.why}${one.words}`, width - UNIT * 0.6, UNIT * 0.95).map((line) => ({ cells: [line], wide: true })) : []),
      ]),
    },
  ]
}

/** Source, what the map is drawn after, 审图号 and the page. */
function footIn(record: SheetRecord, content: CheckContent, { scale, meridian }: { scale: number; meridian: number }, page: { no: number; of: number }, lang: Lang): DrawnBlock[] {
  const [words, own] = [PAGE_WORDS[lang], SHEET_WORDS[lang]]
  const width = A4.width - MARGIN * 2
  const size = 2.4
  const small = { size, colour: COLOUR.ink3 }
  const bottom = A4.height - MARGIN
  const isSynthetic = record.demo || content.result.demo
  const told = [
    own.footSource(content.dataVersion),
    ...(content.boundary ? [words.boundaries(content.boundary.credit)] : []),
    ...(content.boundary?.kind === '示意' ? [words.schematicNote] : []),
    words.projection(meridian, `1:${formatNumber(scale, 0)}`),
    own.areas,
  ].join(words.and)
  const source = lines(`${told}${lang === 'en' ? '.' : '。'}`, width, size, 400, 2)
  const top = bottom - size * 1.4 * (source.length + 1.1)
  const baseline = bottom - size * 0.35
  const review = isSynthetic ? `${words.noReview}${words.and}${own.synthetic}` : words.noReview
  return [
    block('source', { x: MARGIN, y: top, width, height: size * 1.4 * source.length }, source.map((line, i) => text(MARGIN, top + size * (1.05 + i * 1.4), line, small))),
    block('review', { x: MARGIN, y: bottom - size * 1.4, width: width * 0.75, height: size * 1.4 }, [text(MARGIN, baseline, cut(review, width * 0.75, size), small)]),
    block('page', { x: A4.width - MARGIN - 40, y: bottom - size * 1.4, width: 40, height: size * 1.4 }, [text(A4.width - MARGIN, baseline, words.page(page.no, page.of), { ...small, anchor: 'end' })]),
  ]
}


/**
 * The plan: one district's list of key tasks for one year, as rules, tables and screens know it.
 * Words as in the README's glossary. Everything here is a record; nothing here decides.
 */

/** Characters of one text, counted in UTF-16 units as `String.prototype.slice` counts them; `end` is exclusive. */
export interface Span {
  start: number
  end: number
}

/** The cells of a list's row that words and numbers are read from. */
export const TASK_FIELDS = ['name', 'requirement', 'leads', 'townText', 'deadline'] as const
export type TaskField = (typeof TASK_FIELDS)[number]

/** Characters in a named cell of the task's row. */
export interface FieldSpan extends Span {
  field: TaskField
}

/**
 * Kinds of measure. `amount` adds up over the year, `count` counts things, `length` is km of something, `rate` is a percentage and is
 * never summed, `keep` is a level that must never fall below its target, `stage` has no number in the list: 未启动 / 推进中 / 已完成.
 */
export const MEASURE_KINDS = ['amount', 'count', 'length', 'rate', 'keep', 'stage'] as const
export type MeasureKind = (typeof MEASURE_KINDS)[number]

/** `atLeast`: reaching the target is good. `atMost`: staying under it is (a loss rate within 5 %). */
export const DIRECTIONS = ['atLeast', 'atMost'] as const
export type Direction = (typeof DIRECTIONS)[number]

/**
 * How the document hands the number out: `named` a number for each town by name; `each` the same number for every town of a set
 * ("每个街镇不少于60人次", "各推进1家"); `together` one number that several towns share ("共同推进1个"); `total` one number for the
 * district, without a split.
 */
export const ALLOCATIONS = ['named', 'each', 'together', 'total'] as const
export type Allocation = (typeof ALLOCATIONS)[number]

/** The five mechanisms that carry the tasks. */
export const MECHANISMS = ['quota', 'milestone', 'finding', 'inspection', 'submission'] as const
export type Mechanism = (typeof MECHANISMS)[number]

/** A mechanism that a task uses, with the words of the document that ask for it (null: the default, from the numbers themselves). */
export interface TaskMechanism {
  mechanism: Mechanism
  /** For `submission` and `inspection`: how often. `years` for cycles longer than a year. */
  period: { every: number; unit: 'month' | 'quarter' | 'year' } | null
  source: FieldSpan | null
}

/** A dated share of a measure: 85 % of the rice is planted by 20 June. */
export interface Milestone {
  name: string
  /** ISO date, the last day on which it is still in time. */
  due: string
  /** Share of the target, 0…1. */
  share: number
  source: FieldSpan | null
}

/** Measure × town → target. `town` is a code in a stored plan, the name as written in a list just read; the district is a unit too. */
export interface Quota {
  town: string
  /** In the measure's unit; null for `stage`. */
  target: number | null
  /** The characters in `townText` that the number was read from; null when it stands elsewhere or there is no number. */
  source: Span | null
  /** The characters in `requirement` that the number was read from, when it stands there. */
  requirementSource: Span | null
  /** The words that name the town or the set that it belongs to ("11个街镇"). */
  townSource: FieldSpan | null
}

/** One thing counted in a task. */
export interface Measure {
  /** `<task no>.<ordinal>`, e.g. `15.2`: stable within a plan. */
  id: string
  name: string
  /** As in the document: 亩, 万亩, 公里, 个, %, … ; empty for `stage`. */
  unit: string
  kind: MeasureKind
  direction: Direction
  allocation: Allocation
  /** The declared total, in the measure's unit; the sum of the quotas when none is declared; null for `stage`. */
  target: number | null
  /** The declared total as written ("12.4 万亩"). */
  targetText: string | null
  targetSource: FieldSpan | null
  milestones: Milestone[]
  quotas: Quota[]
}

export interface Category {
  no: number
  name: string
}

/** One row of the list. */
export interface Task {
  no: number
  municipalNo: number | null
  category: Category
  name: string
  requirement: string
  leads: string[]
  /** Departments that take part without leading, where a list names them. */
  partners: string[]
  /** ISO date. */
  deadline: string | null
  /** As written: "10月底". */
  deadlineText: string
  townText: string
  /** The towns that the task names, in the document's order; codes in a stored plan, names in a list just read. */
  towns: string[]
  mechanisms: TaskMechanism[]
  measures: Measure[]
  /** Where the row stands in the source document: table (0-based), rows (0-based, a row may be continued), page if the format has pages. */
  place: { table: number; rows: number[]; page: number | null }
}

/** What the reader found odd. Words come from the client's language files: `kind` and `params` say it all. */
export const PROBLEM_KINDS = {
  'sum-differs': 'warning', // town quotas do not add up to the declared total
  'statements-differ': 'warning', // two statements of one number differ
  'total-without-split': 'info', // a total for several towns, not split
  'each-or-together': 'warning', // unclear whether every town or all together
  'category-unlikely': 'warning', // a merged cell puts the task under a category that does not suit it
  'category-title-differs': 'info', // the same numeral with another title
  'category-missing': 'warning', // no category could be found
  'number-not-understood': 'warning', // a number with a unit that no measure took up
  'unit-scale': 'warning', // 亩 where 万亩 is likely, or mixed units in one measure
  'town-unknown': 'error', // a town's name that the district does not have
  'town-missing': 'info', // a set of towns is meant but which ones cannot be told, or no town is named
  'deadline-not-understood': 'error',
  'lead-missing': 'error',
  'name-missing': 'error',
  'number-missing': 'warning', // a gap or repetition in the serial numbers
  'number-repeated': 'error',
  'column-unknown': 'info', // a head that no field matches
  'row-not-understood': 'warning',
  'range': 'info', // "2-3 个": the lower bound was taken as target
  'share-assumed': 'warning', // a dated step without a share: equal steps were taken
  'adjustable': 'info', // the document itself says the figure may change ("以市下达计划为准")
  'placed-by-tag': 'info', // markup in a cell was taken out
} as const satisfies Record<string, 'error' | 'warning' | 'info'>
export type ProblemKind = keyof typeof PROBLEM_KINDS

export interface Problem {
  /** Task number; null for the document as a whole. */
  task: number | null
  kind: ProblemKind
  severity: 'error' | 'warning' | 'info'
  /** The measure concerned, if one is. */
  measure: string | null
  /** One sentence in Chinese with the numbers, for lists and logs; the client words it anew from kind and params. */
  message: string
  params: Record<string, string | number>
  /** Where to look. */
  source: FieldSpan | null
  place: { table: number; row: number; column: number | null } | null
}

/** What the reader makes of a document; the same shape as a stored plan, with town names as written. */
export interface TaskList {
  title: string | null
  year: number | null
  /** "青浦区", if the document says so. */
  district: string | null
  categories: Category[]
  tasks: Task[]
  problems: Problem[]
}

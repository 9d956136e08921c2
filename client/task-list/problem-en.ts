/** The reader's problems in English, from the same parameters as its own Chinese sentences (geo/task-list/problems.ts). */
import type { ProblemKind } from '../../geo/plan/plan.ts'

type Params = Record<string, string | number>

export const PROBLEMS_EN: Record<ProblemKind, (p: Params) => string> = {
  'sum-differs': (p) =>
    `“${p.name}”: the towns add up to ${p.sum} ${p.unit}, the total says ${p.total} ${p.unit} (${p.difference} apart)`,
  'statements-differ': (p) => `“${p.name}” is stated twice: ${p.first} and ${p.second}`,
  'total-without-split': (p) => `“${p.name}”: ${p.text} for ${p.towns} towns, not split`,
  'each-or-together': (p) => `“${p.text}” does not say whether each or all together; taken as together`,
  'category-unlikely': (p) => `“${p.name}” stands under “${p.category}” but looks like “${p.likely}”`,
  'category-title-differs': (p) =>
    `Category (${p.numeral}) has two titles: “${p.chosen}” was taken, there is also “${p.other}”`,
  'category-missing': () => 'No category was found for the task',
  'number-not-understood': (p) =>
    p.reason === 'per-unit'
      ? `“${p.text}” is a standard for each object, whose number the list does not give; not made a measure`
      : p.reason === 'vague-towns'
        ? `“${p.text}”: the towns cannot be told; taken as a total of the district`
        : `“${p.text}” fits no measure`,
  'unit-scale': (p) =>
    p.reason === 'mixed'
      ? `“${p.name}” mixes ${p.units}; converted, please check`
      : `“${p.name}”: ${p.sum} ${p.unit} against a total of ${p.total} ${p.unit}, about ${p.ratio} times apart; perhaps the wrong unit`,
  'town-unknown': (p) => `“${p.town}” is no town of this district`,
  'town-missing': (p) =>
    p.reason === 'count'
      ? `“${p.text}” does not fit the ${p.known} towns known`
      : p.reason === 'gathered'
        ? `“${p.text}” names none; taken as the ${p.known} towns that the list mentions`
        : p.reason === 'vague'
          ? `“${p.text}” does not say which towns`
          : 'No town is named; the district is the unit',
  'deadline-not-understood': (p) =>
    p.text === '' ? 'There is no deadline' : `The deadline “${p.text}” is not understood`,
  'lead-missing': () => 'There is no lead department',
  'name-missing': () => 'The task has no name',
  'number-missing': (p) =>
    p.column === 'municipal'
      ? `Municipal numbers skip ${p.missing}`
      : p.missing === ''
        ? 'No serial numbers; counted by row'
        : `Serial numbers skip ${p.missing}`,
  'number-repeated': (p) => `Number ${p.no} comes twice; the second became ${p.given}`,
  'column-unknown': (p) => `Column “${p.head}” is unknown and was not read`,
  'row-not-understood': (p) => `Row not understood: “${p.text}”`,
  range: (p) => `“${p.text}” is a range; the lower bound ${p.value} was taken`,
  'share-assumed': (p) => `The step “${p.text}” states no share; equal steps give ${p.percent} %`,
  adjustable: (p) => `The document says that it may change: “${p.text}”`,
  'placed-by-tag': () => 'Markup in a cell was taken out',
}

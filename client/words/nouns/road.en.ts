/** Road works by chainage, and bridges that are due. */
export default {
  legend: 'Legend of roads',
  state: { done: 'Done', planned: 'Planned, not done', idle: 'Not planned' },
  strip: 'Strip diagram',
  stripLabel: 'Strip diagram. Planned: {planned}; done: {done}',
  row: { planned: 'Plan', done: 'Done', findings: 'Finding', photos: 'Photo' },
  doneOf: '{done} m done of {planned} m planned',
  union: '{metres} m in all',
  ofLength: '{share} of {length} m',
  overlaps: '{n} m overlap and count once',
  pastEnd: '{range} runs past the road’s end {end} ({length} m as drawn)',
  pick: 'Add by two clicks on the map',
  pickFirst: 'Click where it starts',
  pickSecond: 'From {from}; click where it ends',
  pickStop: 'Stop',
  tooFar: 'Too far from the road: click on the line',
} as const

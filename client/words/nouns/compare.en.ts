import type { ScreenWords } from '../index.ts'

export default {
  title: 'Side by side',
  left: 'Left',
  right: 'Right',
  swap: 'Swap sides',
  close: 'End comparison',
  allSeen: 'Layers in view',
  differences: 'Differences',
  layer: 'Layer',
  kind: 'Kind',
  anyKind: 'All',
  caption: '{layer} ({unit})',
  change: 'Change',
  difference: 'Difference',
  number: 'number',
  total: 'Total',
  noTown: 'In no town',
  behind: 'Tasks behind',
  share: 'Done (%)',
} satisfies ScreenWords['compare']

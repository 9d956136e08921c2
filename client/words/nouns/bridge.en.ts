/** Bridges that are to be inspected. */
export default {
  legend: 'Inspection ({date})',
  light: { red: 'Overdue', yellow: 'Due within 30 days', green: 'Within the cycle', grey: 'No cycle' },
  openDue: 'List the {n} that are due',
  onlyDue: 'Only what is due',
  noneDue: 'No bridge is due',
  inspection: 'Inspection',
} as const

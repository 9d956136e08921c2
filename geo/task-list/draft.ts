/** A list on its way to becoming a plan. */

/** draft: being looked through; stored: became a plan; discarded: put away, kept on record. */
export const TASK_LIST_STATES = ['draft', 'stored', 'discarded'] as const
export type TaskListState = (typeof TASK_LIST_STATES)[number]

/** How a problem was settled before storing: a person confirmed the reading, corrected it, or it was only worth a note. */
export const SETTLEMENTS = ['confirmed', 'corrected', 'noted'] as const
export type Settled = (typeof SETTLEMENTS)[number]

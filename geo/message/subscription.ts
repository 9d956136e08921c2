/** What people may ask to be sent, besides what concerns them anyway. */
import type { Action } from '../right/right.ts'
import { ACTIONS } from '../right/right.ts'
import type { Role } from '../right/role.ts'

export const TOPICS = {
  'month-pack': { zh: '月度关账后的调度材料', en: 'the dispatch pack when a month is closed', needs: 'pack.read' },
} as const satisfies Record<string, { zh: string; en: string; needs: Action }>
export type Topic = keyof typeof TOPICS

/** Roles that may have it: what somebody asked for is not sent once their right is gone. */
export function rolesOf(topic: Topic): Role[] {
  return Object.keys(ACTIONS[TOPICS[topic].needs].who) as Role[]
}

import type { Action } from '../../geo/right/right.ts'

export const NAV_GROUPS = ['main', 'work', 'admin'] as const
export type NavGroup = (typeof NAV_GROUPS)[number]

export interface NavEntry {
  path: string
  /** Of its words. */
  key: string
  group: NavGroup
  /** Only who may do this sees it. */
  needs?: Action
}

/** Where one can go, in order: the first group stands in the bar, the others in menus of their own. */
export const NAV: readonly NavEntry[] = [
  { path: '/', key: 'nav.map', group: 'main' },
  { path: '/lights', key: 'nav.lights', group: 'main' },
  { path: '/tasks', key: 'nav.tasks', group: 'main' },
  { path: '/towns', key: 'nav.towns', group: 'main' },
  { path: '/planning', key: 'nav.planning', group: 'main' },
  { path: '/reports', key: 'nav.reports', group: 'work', needs: 'report.read' },
  { path: '/reviews', key: 'nav.reviews', group: 'work', needs: 'report.read' },
  { path: '/months', key: 'nav.months', group: 'work', needs: 'plan.read' },
  { path: '/meetings', key: 'nav.meetings', group: 'work', needs: 'plan.read' },
  { path: '/reconciliation', key: 'nav.reconciliation', group: 'work' },
  { path: '/findings', key: 'nav.findings', group: 'work', needs: 'finding.read' },
  { path: '/checks', key: 'nav.checks', group: 'work', needs: 'check.read' },
  { path: '/orders', key: 'nav.orders', group: 'work', needs: 'order.read' },
  { path: '/reminders', key: 'nav.reminders', group: 'work', needs: 'reminder.read' },
  { path: '/notices', key: 'nav.notices', group: 'work' },
  { path: '/snapshots', key: 'nav.snapshots', group: 'work', needs: 'snapshot.read' },
  { path: '/wall', key: 'nav.wall', group: 'work' },
  { path: '/admin/lists', key: 'nav.lists', group: 'admin', needs: 'list.import' },
  { path: '/admin/towns', key: 'nav.boundaries', group: 'admin', needs: 'boundary.replace' },
  { path: '/admin/rules', key: 'nav.rules', group: 'admin', needs: 'calendar.edit' },
  { path: '/admin/channels', key: 'nav.channels', group: 'admin', needs: 'channel.edit' },
  { path: '/admin/letters', key: 'nav.letters', group: 'admin', needs: 'letter.edit' },
  { path: '/admin/people', key: 'nav.people', group: 'admin', needs: 'account.manage' },
  { path: '/admin/rights', key: 'nav.rights', group: 'admin', needs: 'account.manage' },
  { path: '/admin/walls', key: 'nav.walls', group: 'admin', needs: 'wall.manage' },
  { path: '/admin/audit', key: 'nav.audit', group: 'admin', needs: 'audit.read' },
]

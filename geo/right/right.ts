/**
 * Who may do what: one table, used by the server's doors and by the screens. `all` is everywhere; `own` only where the person's scope
 * reaches: a town's reporter in that town, a department in the tasks that it leads.
 */
import { ROLES, type Person, type Role } from './role.ts'

export const REACHES = ['own', 'all'] as const
/** How far a role's right reaches. */
export type Reach = (typeof REACHES)[number]

interface ActionRow {
  zh: string
  en: string
  who: Partial<Record<Role, Reach>>
  /** Looking changes nothing: also for an administrator who looks as somebody else. */
  looks?: true
}

const EVERYONE = {
  leader: 'all',
  office: 'all',
  department: 'all',
  reporter: 'all',
  approver: 'all',
  planner: 'all',
  auditor: 'all',
  admin: 'all',
} as const satisfies Record<Role, Reach>

/** Every action that a right is needed for. Reading what lights the map is for everybody who is signed in. */
export const ACTIONS = {
  'plan.read': { zh: '查看清单、进度和亮灯', en: 'see the list, progress and lights', who: EVERYONE, looks: true },
  'list.import': { zh: '导入任务清单', en: 'import task lists', who: { office: 'all' } },
  'mechanism.edit': { zh: '调整任务的管理方式', en: 'edit a task’s mechanisms', who: { office: 'all' } },
  'boundary.replace': { zh: '替换街镇边界', en: 'replace town boundaries', who: { office: 'all', planner: 'all' } },
  'layer.edit': { zh: '修改地块、路段和桥梁', en: 'edit parcels, roads and bridges', who: { planner: 'all', office: 'all' } },
  'layer.import': { zh: '批量导入图层数据', en: 'import files into layers', who: { planner: 'all', office: 'all' } },
  'site.edit': { zh: '修改村居、示范村和项目点', en: 'edit villages and project sites', who: { planner: 'all', office: 'all', reporter: 'own' } },
  'report.read': {
    zh: '查看填报表（含草稿）',
    en: 'see report sheets, drafts included',
    who: { reporter: 'own', approver: 'own', department: 'own', office: 'all', leader: 'all', auditor: 'all' },
    looks: true,
  },
  'report.write': { zh: '填写和报送', en: 'fill in and submit reports', who: { reporter: 'own', department: 'own', office: 'all' } },
  'report.endorse': { zh: '街镇审核', en: 'approve for the town', who: { approver: 'own' } },
  'report.review': { zh: '部门审核、退回', en: 'approve or return for the department', who: { department: 'own', office: 'all' } },
  'review.levels': { zh: '设置审核层级', en: 'set the levels of review', who: { office: 'all' } },
  'rule.edit': { zh: '修改亮灯规则', en: 'change the light rules', who: { office: 'all' } },
  'reminder.read': { zh: '查看催办和已读情况', en: 'see reminders and who has read them', who: { office: 'all', leader: 'all', auditor: 'all' }, looks: true },
  'reminder.send': { zh: '人工催办', en: 'remind people by hand', who: { office: 'all' } },
  'calendar.edit': { zh: '维护工作日历', en: 'edit the working-day calendar', who: { office: 'all', admin: 'all' } },
  'channel.edit': { zh: '设置发送渠道', en: 'set up channels', who: { admin: 'all' } },
  'month.close': { zh: '打开、关账、重开月份', en: 'open, close and reopen months', who: { office: 'all' } },
  'meeting.edit': { zh: '记录会议决定', en: 'record a meeting’s decisions', who: { office: 'all' } },
  'order.read': {
    zh: '查看督办单',
    en: 'see supervision orders',
    who: { reporter: 'own', approver: 'own', department: 'own', office: 'all', leader: 'all', auditor: 'all' },
    looks: true,
  },
  'order.issue': { zh: '签发、销号督办单', en: 'issue and close supervision orders', who: { office: 'all', leader: 'all' } },
  'order.answer': { zh: '回复督办单', en: 'answer supervision orders', who: { reporter: 'own', approver: 'own', department: 'own' } },
  'finding.read': {
    zh: '查看问题台账',
    en: 'see the findings ledger',
    who: { reporter: 'own', approver: 'own', department: 'own', office: 'all', leader: 'all', planner: 'all', auditor: 'all' },
    looks: true,
  },
  'finding.write': { zh: '挂账和更正问题', en: 'hang and correct findings', who: { reporter: 'own', approver: 'own', department: 'own', office: 'all' } },
  'finding.fix': { zh: '报送整改', en: 'report findings as put right', who: { reporter: 'own', approver: 'own', office: 'all' } },
  'finding.strike': { zh: '销账、退回、撤销问题', en: 'strike off, send back and cancel findings', who: { department: 'own', office: 'all' } },
  'finding.check': { zh: '复核销账', en: 'check what was struck off', who: { office: 'all' } },
  'check.read': {
    zh: '查看农田核查记录',
    en: 'see records of farmland checks',
    who: { reporter: 'own', approver: 'own', department: 'own', office: 'all', leader: 'all', planner: 'all', auditor: 'all' },
    looks: true,
  },
  'check.make': { zh: '留存、办结农田核查，知悉其变化', en: 'keep and close farmland checks, acknowledge their changes', who: { planner: 'all', office: 'all', reporter: 'own', department: 'own' } },
  'notice.publish': { zh: '发布公示', en: 'publish notices', who: { office: 'all' } },
  'letter.edit': { zh: '修改公文模板', en: 'edit the templates of letters', who: { office: 'all', admin: 'all' } },
  'snapshot.read': { zh: '查看快照和图集', en: 'see snapshots and atlases', who: EVERYONE, looks: true },
  'snapshot.make': { zh: '制作快照和图集', en: 'make snapshots and atlases', who: EVERYONE },
  'snapshot.cancel': { zh: '取消他人的快照', en: 'call off others’ snapshots', who: { office: 'all', admin: 'all' } },
  'template.edit': { zh: '维护本区的页面版式和标识', en: 'keep the district’s own page templates and logos', who: { office: 'all', admin: 'all' } },
  'pack.read': { zh: '查看月调度材料', en: 'see the months’ dispatch packs', who: { office: 'all', leader: 'all', auditor: 'all' }, looks: true },
  'pack.make': { zh: '生成月调度材料', en: 'make the months’ dispatch packs', who: { office: 'all', leader: 'all' } },
  'account.manage': { zh: '管理人员账号', en: 'manage accounts', who: { admin: 'all' } },
  'account.look-as': { zh: '以他人身份查看', en: 'look as another person', who: { admin: 'all' } },
  'wall.manage': { zh: '发放、停用大屏令牌', en: 'issue and revoke tokens for walls', who: { admin: 'all' } },
  'audit.read': { zh: '查询审计记录', en: 'search the audit trail', who: { auditor: 'all', admin: 'all' }, looks: true },
} as const satisfies Record<string, ActionRow>
export type Action = keyof typeof ACTIONS

/** What an action is done to, as far as rights go. Left out: not known yet, any place counts. */
export interface Target {
  /** Town code; the district's for what a department itself reports. */
  town?: string
  /** The lead departments of the task concerned. */
  departments?: readonly string[]
}

export const REFUSALS = {
  'signed-out': { zh: '请先登录', en: 'sign in first' },
  'looking-as': { zh: '正在以他人身份查看，不能修改', en: 'you are looking as somebody else and cannot change anything' },
  role: { zh: '您的角色没有这项权限', en: 'your role has no such right' },
  scope: { zh: '不在您负责的街镇或部门之内', en: 'it is outside of your town or department' },
} as const
/** Why something is not allowed; null: it is. */
export type Refusal = keyof typeof REFUSALS

/**
 * May this person do that there? Without a target: is there any place where they may?
 * @returns null when they may, or why they may not
 */
export function refusalOf(person: Person | null, action: Action, target?: Target): Refusal | null {
  if (!person) return 'signed-out'
  const { who, looks }: ActionRow = ACTIONS[action]
  if (person.readOnly && !looks) return 'looking-as'
  const reaches = person.grants.flatMap((grant) => {
    const reach = who[grant.role]
    return reach ? [{ grant, reach }] : []
  })
  if (reaches.length === 0) return 'role'
  if (!target || reaches.some(({ reach }) => reach === 'all')) return null
  return reaches.some(({ grant }) => isWithin(grant.role, grant.scope, action, target)) ? null : 'scope'
}

export function can(person: Person | null, action: Action, target?: Target): boolean {
  return refusalOf(person, action, target) === null
}

function isWithin(role: Role, scope: string, action: Action, target: Target): boolean {
  if (ROLES[role].scope === 'town') return target.town === scope
  // A department writes only what it reports itself, for the district; it reads and reviews every town's in its tasks.
  if (action === 'report.write' && target.town !== undefined && !isDistrict(target.town)) return false
  return target.departments?.includes(scope) ?? false
}

/** Codes of districts have six digits; towns and the park have more. */
export function isDistrict(unit: string): boolean {
  return unit.length === 6
}

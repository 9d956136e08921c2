/** Roles: what a person is in the yearly round. A person may have several, each for a town, a department, or the whole district. */

/** What a role is given for: a town's code, a department's name as the plan writes it, or nothing (the district as a whole). */
export const ROLE_SCOPES = ['district', 'town', 'department'] as const
export type RoleScope = (typeof ROLE_SCOPES)[number]

export const ROLES = {
  leader: { zh: '区领导', en: 'District leader', scope: 'district' },
  office: { zh: '区乡村振兴办', en: 'Office', scope: 'district' },
  department: { zh: '牵头部门', en: 'Lead department', scope: 'department' },
  reporter: { zh: '街镇填报员', en: 'Town reporter', scope: 'town' },
  approver: { zh: '街镇审核人', en: 'Town approver', scope: 'town' },
  planner: { zh: '规划员', en: 'Planner', scope: 'district' },
  auditor: { zh: '审计员', en: 'Auditor', scope: 'district' },
  admin: { zh: '系统管理员', en: 'Administrator', scope: 'district' },
} as const satisfies Record<string, { zh: string; en: string; scope: RoleScope }>
export type Role = keyof typeof ROLES

/** A role and what it is given for; `scope` is '' for the whole district. */
export interface Grant {
  role: Role
  scope: string
}

/** Who asks, as the rules of rights need it. */
export interface Person {
  /** The account's name; never changes and is never given to anybody else. */
  account: string
  /** How people call them. */
  name: string
  grants: Grant[]
  /** An administrator who looks as this person: may see what they see and change nothing. */
  readOnly: boolean
}

/** Is the scope of a grant of the kind that its role is given for? What it names must exist too, which only the plan and the district know. */
export function isGrantComplete({ role, scope }: Grant): boolean {
  return ROLES[role].scope === 'district' ? scope === '' : scope !== ''
}

/** The towns that a person reports or approves for. */
export function townsOf(person: Pick<Person, 'grants'>): string[] {
  return [...new Set(person.grants.filter(({ role }) => ROLES[role].scope === 'town').map(({ scope }) => scope))]
}

/** The departments that a person speaks for. */
export function departmentsOf(person: Pick<Person, 'grants'>): string[] {
  return [...new Set(person.grants.filter(({ role }) => ROLES[role].scope === 'department').map(({ scope }) => scope))]
}

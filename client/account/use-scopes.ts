import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { ROLES, type Grant, type Role } from '../../geo/right/role.ts'
import { api, queryClient } from '../api.ts'
import { unitName } from '../town/unit-name.ts'
import { useView } from '../view/use-view.ts'

/** What roles and the places that they are given for are called, in the reader's language. */
export function useScopes() {
  const { view } = useView()
  const district = useQuery({ queryKey: ['district'], queryFn: api.district, shallow: true as const, structuralSharing: false as const }, queryClient)
  const names = computed(() => new Map((district.data.value?.towns ?? []).map((town) => [town.code, unitName(town, view.value.lang)])))
  const roleName = (role: Role) => ROLES[role][view.value.lang === 'en' ? 'en' : 'zh']
  const scopeName = (scope: string) => names.value.get(scope) ?? scope
  const grantName = ({ role, scope }: Grant) => (scope ? `${roleName(role)} · ${scopeName(scope)}` : roleName(role))
  return { roleName, scopeName, grantName }
}

/** One's own saved views, as the server keeps them. */
import type { SavedView } from '../../geo/view/saved.ts'
import { request, send } from '../api.ts'

export type { SavedView }

export const VIEWS = { queryKey: ['views'], queryFn: () => request<SavedView[]>('/api/views'), staleTime: 0 }
export const saveView = (view: { name: string; query: string }) => send<SavedView>('POST', '/api/views', view)
export const changeSavedView = (id: number, view: { name: string; query: string }) => send<SavedView>('PUT', `/api/views/${id}`, view)
export const orderViews = (ids: readonly number[]) => send<SavedView[]>('PUT', '/api/views/order', { ids })
export const removeView = (id: number) => send<undefined>('DELETE', `/api/views/${id}`)
export const restoreView = (id: number) => send<SavedView>('POST', `/api/views/${id}/restore`)

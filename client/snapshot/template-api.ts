/** The district's own templates and logos on the server. */
import type { Logo, OwnTemplate } from '../../geo/snapshot/own.ts'
import { request, send } from '../api.ts'

export const TEMPLATES_QUERY = { queryKey: ['page-templates'], queryFn: () => request<OwnTemplate[]>('/api/page-templates') }
export const LOGOS_QUERY = { queryKey: ['page-logos'], queryFn: () => request<Logo[]>('/api/page-logos') }
export const logoFile = (id: number) => `/api/page-logos/${id}/file.png`

type Given = Omit<OwnTemplate, 'id' | 'version'>

export const templateApi = {
  add: (given: Given) => send<{ id: number }>('POST', '/api/page-templates', given),
  change: ({ id, ...given }: OwnTemplate) => send<OwnTemplate[]>('PUT', `/api/page-templates/${id}`, given),
  remove: ({ id, version }: OwnTemplate) => send<OwnTemplate[]>('POST', `/api/page-templates/${id}/remove`, { version }),
  restore: (id: number, version: number) => send<OwnTemplate[]>('POST', `/api/page-templates/${id}/restore`, { version }),
  async addLogo(file: File): Promise<Logo[]> {
    const body = new FormData()
    body.set('file', file)
    return request<Logo[]>('/api/page-logos', { method: 'POST', body })
  },
  removeLogo: (id: number) => send<Logo[]>('DELETE', `/api/page-logos/${id}`),
}

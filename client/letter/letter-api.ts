/** Templates of letters as the screen asks for them. */
import type { LetterFault, LetterKind, TemplateAct } from '../../geo/letter/letter.ts'
import { queryClient, request, send } from '../api.ts'

export interface TemplateVersion {
  version: number
  act: TemplateAct
  at: string
  by: string
  byName: string | null
  name: string
  words: string
  sha256: string | null
}
export interface Letter {
  kind: LetterKind
  version: number
  isBuiltIn: boolean
  versions: TemplateVersion[]
  fields: { names: string[]; loop: string | null; zh: string; en: string; example: string }[]
}
export interface Tried {
  faults: { fault: LetterFault; name: string; place: string; text: string }[]
  text: string[]
}

export const LETTERS_QUERY = { queryKey: ['letters'], queryFn: () => request<Letter[]>('/api/letters'), staleTime: 0 }

const formOf = (file: File) => {
  const form = new FormData()
  form.set('file', file)
  return form
}
const path = (kind: LetterKind) => `/api/letters/${kind}`
const changed = () => queryClient.invalidateQueries({ queryKey: LETTERS_QUERY.queryKey })

export const templateFile = (kind: LetterKind, version?: number) => `${path(kind)}/template/file.docx${version === undefined ? '' : `?version=${version}`}`
export const exampleFile = (kind: LetterKind) => `${path(kind)}/example/file.docx`
export const tryTemplate = (kind: LetterKind, file: File) => request<Tried>(`${path(kind)}/try`, { method: 'POST', body: formOf(file) })

export async function uploadTemplate({ kind, version }: Letter, file: File, words: string): Promise<void> {
  await request(`${path(kind)}/template?${new URLSearchParams({ version: String(version), words }).toString()}`, { method: 'POST', body: formOf(file) })
  await changed()
}

export async function restoreTemplate({ kind, version }: Letter, of: number): Promise<void> {
  await send('POST', `${path(kind)}/restore`, { of, version })
  await changed()
}

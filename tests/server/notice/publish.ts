/** What tests of notices have in common: a draft of two approved figures, and publishing what the preview shows. */
import { expect } from 'vitest'
import type { FrozenNotice, NoticeDraft, NoticeFault, RowDifference } from '../../../geo/notice/notice.ts'
import type { Asking } from '../harness.ts'

export const DRAFT: NoticeDraft = {
  title: '2023年11月粮食生产任务完成情况公示（演示）',
  words: '现将各街镇粮食生产任务完成情况予以公示。',
  contact: '区乡村振兴办 021-00000000（演示）',
  month: '2023-11',
  days: 7,
  figures: [
    { measure: '14.1', town: '310118105' },
    { measure: '14.1', town: '310118110' },
  ],
}

export interface Working {
  id: number
  version: number
  published: number | null
  openObjections: number
  draft: NoticeDraft
}

export interface PreviewAnswer {
  notice: FrozenNotice
  sha256: string
  faults: NoticeFault[]
  differences: RowDifference[]
}

export async function draftNotice(who: Asking, draft: Partial<NoticeDraft> = {}): Promise<Working> {
  const answer = await who.post('/api/notice-drafts', { year: 2023, draft: { ...DRAFT, ...draft } })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return (await answer.json()) as Working
}

export async function preview(who: Asking, id: number, reason = ''): Promise<PreviewAnswer> {
  return who.json<PreviewAnswer>(`/api/notice-drafts/${id}/preview?reason=${encodeURIComponent(reason)}`)
}

export async function publish(who: Asking, { id, version }: Pick<Working, 'id' | 'version'>, reason = ''): Promise<Response> {
  const { sha256 } = await preview(who, id, reason)
  return who.post(`/api/notice-drafts/${id}/publish`, { version, sha256, reason })
}

/** The first notice of an installation, published. */
export async function publishOne(who: Asking): Promise<void> {
  const answer = await publish(who, await draftNotice(who))
  expect(answer.status, await answer.clone().text()).toBe(200)
}

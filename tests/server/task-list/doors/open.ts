import { openDocument, DoorError, type DoorErrorKey } from '../../../../server/task-list/doors/index.ts'
import type { SourceBlock, SourceDocument, SourceRow } from '../../../../geo/task-list/source.ts'

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export async function open(name: string, content: Uint8Array | string): Promise<SourceDocument> {
  return await openDocument({ name, bytes: typeof content === 'string' ? bytesOf(content) : content })
}

/** The key of the error that opening ends with; 'opened' where it does not. Anything but a DoorError is thrown on. */
export async function refusal(name: string, content: Uint8Array | string): Promise<DoorErrorKey | 'opened'> {
  return await open(name, content).then(
    () => 'opened' as const,
    (error: unknown) => {
      if (error instanceof DoorError) return error.key
      throw error
    },
  )
}

export function rowsOf(blocks: SourceBlock[]): SourceRow[] {
  return blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []))
}

/** The rows as texts, merged cells as ↑ and ←, so that a table reads as one. */
export const sketch = (document: SourceDocument): string[] =>
  document.blocks.flatMap((block) =>
    block.kind === 'paragraph'
      ? [`# ${block.text}`]
      : block.rows.map(({ cells }) =>
          cells.map(({ text, merged }) => ({ above: '↑', left: '←', none: text })[merged ?? 'none']).join(' | '),
        ),
  )

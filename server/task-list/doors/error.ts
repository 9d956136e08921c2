/**
 * What a door says when it cannot turn a file into a source document. Each key has its words (and its HTTP answer, 422) where the server
 * keeps its problems; `params` fill the words in.
 */
export const DOOR_ERRORS = {
  'file-empty': 'The file holds nothing, or white space only.',
  'file-too-large': 'The file, or what it unpacks to, is larger than a task list can be. params: limitMB, what.',
  'file-too-long': 'More cells, rows, pages or parts than any task list has. params: limit, what.',
  'file-too-slow': 'Reading took longer than allowed. params: seconds.',
  'file-encrypted': 'The file asks for a password.',
  'file-damaged': 'The format is known and the content is broken. params: format, detail.',
  'file-with-macros': 'The file carries macros; it has to be saved without them. params: format.',
  'format-unknown': 'Not a format that is read here. params: found (what it looks like, or null).',
  'doc-legacy': 'A Word file of before 2007 (.doc); it has to be saved as .docx.',
  'pdf-without-text': 'A scanned PDF: pictures of pages, no text layer. params: pages.',
  'shape-unknown': 'A map file with shapes of a kind that no layer has. params: found.',
  'table-missing': 'The file is readable and has no table in it. params: format.',
} as const

export type DoorErrorKey = keyof typeof DOOR_ERRORS
export type DoorErrorParams = Record<string, string | number | null>

/** The only thing that a door throws. */
export class DoorError extends Error {
  readonly key: DoorErrorKey
  readonly params: DoorErrorParams

  constructor(key: DoorErrorKey, params: DoorErrorParams = {}, options?: ErrorOptions) {
    super(`${key}: ${DOOR_ERRORS[key]} ${JSON.stringify(params)}`, options)
    this.name = 'DoorError'
    this.key = key
    this.params = params
  }
}

/** A library's failure on a file, as a door error: `detail` is for the log and the curious, never a stack. */
export function damaged(format: string, cause: unknown): DoorError {
  if (cause instanceof DoorError) return cause
  const detail = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ').slice(0, 200)
  return new DoorError('file-damaged', { format, detail }, { cause })
}

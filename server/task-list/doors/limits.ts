/** Bounds that no file gets past, whatever it claims about itself. */
export const LIMITS = {
  /** Bytes of the file as it comes. A list of 56 tasks is 20 kB as text and under 1 MB in any format. */
  fileBytes: 20 * 1024 * 1024,
  /** Bytes that the parts of a docx or xlsx may unpack to together, pictures not counted since they are never unpacked. */
  unpackedBytes: 64 * 1024 * 1024,
  /** Entries in the directory of a docx or xlsx. */
  entries: 10_000,
  /** Cells of all tables together, the empty ones of merged cells included. */
  cells: 500_000,
  /** Pages of a PDF. */
  pages: 500,
  /** Depth of elements inside each other; a table in a table in a table is at about 40. */
  depth: 400,
  /** Seconds in the isolated thread. */
  seconds: 20,
  /** Megabytes of heap in the isolated thread. */
  heapMB: 768,
  /** Isolated threads at a time; others wait their turn. */
  threads: 2,
} as const

export const MB = 1024 * 1024

/** Bounds that no map file gets past, whatever it claims about itself. */
export const MAP_LIMITS = {
  /** Bytes of the file as it comes. */
  fileBytes: 64 * 1024 * 1024,
  /** Bytes that the parts of an archive may unpack to together: a shapefile of 200,000 parcels takes 70 MB. */
  unpackedBytes: 384 * 1024 * 1024,
  features: 500_000,
  /** Vertices of all features together. */
  vertices: 10_000_000,
  /** Columns of the attribute table. */
  fields: 300,
  /** Collections within collections, folders within folders. */
  depth: 32,
  /** Characters of one attribute. */
  text: 2_000,
  seconds: 120,
  heapMB: 1536,
  /** Files that are read at a time; others wait their turn. */
  threads: 2,
} as const

/** Parts of a file that may be handed to the database before the first of them is taken: it has two hands, and the thread reads on meanwhile. */
export const HANDS = 2

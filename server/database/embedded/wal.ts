/**
 * Makes PostgreSQL's own fsync reach the disk.
 *
 * PGlite starts PostgreSQL with fsync off, and even switched on it would do nothing: emscripten's NODEFS has no fsync
 * operation, so the call answers "done" and the bytes stay in the page cache. With the operation added and `fsync=on`,
 * PostgreSQL's own discipline holds: the WAL before a commit is answered, data files before a checkpoint lets go of the WAL,
 * and a statement that only reads asks for nothing. `wal_sync_method=fsync` is needed because emscripten's fdatasync is empty.
 */
import fs from 'node:fs'
import path from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** Start parameters that switch PostgreSQL's fsync on. */
export const DURABLE_PARAMETERS = ['-c', 'fsync=on', '-c', 'wal_sync_method=fsync'] as const

type Node = { parent: Node; name: string; mode: number }
type Stream = { node: Node; nfd?: number }
type NodeFiles = {
  realPath(node: Node): string
  tryFSOperation<T>(operation: () => T): T
  stream_ops: { fsync?: (stream: Stream) => number }
}
type Disk = Pick<typeof fs, 'fsyncSync' | 'openSync' | 'closeSync'>

/** PGlite's file system on a folder, with an fsync that is one. `disk` is where it asks for it (a test may look on). */
export class DurableFiles extends NodeFS {
  readonly #disk: Disk

  constructor(folder: string, disk: Disk = fs) {
    super(folder)
    this.#disk = disk
  }

  override async init(database: PGlite, options: Parameters<NodeFS['init']>[1]) {
    const { emscriptenOpts } = await super.init(database, options)
    const addFsync = (module: { FS: { filesystems: { NODEFS: unknown } } }) => {
      const files = module.FS.filesystems.NODEFS as NodeFiles
      files.stream_ops.fsync = (stream) => files.tryFSOperation(() => this.#fsync(stream, files))
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync as never] } }
  }

  /** A file by the engine's own descriptor; a folder (after a rename or a new file in it) has none and is opened for it. */
  #fsync(stream: Stream, files: NodeFiles): number {
    if (stream.nfd !== undefined) {
      this.#disk.fsyncSync(stream.nfd)
      return 0
    }
    const descriptor = this.#disk.openSync(files.realPath(stream.node), 'r')
    try {
      this.#disk.fsyncSync(descriptor)
    } finally {
      this.#disk.closeSync(descriptor)
    }
    return 0
  }
}

/** Brings a whole folder to the disk, as after creating a database: every file, then its folder. */
export function fsyncTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name)
    if (entry.isDirectory()) fsyncTree(inside)
    else if (entry.isFile()) fsyncPath(inside)
  }
  fsyncPath(folder)
}

/** Brings one file or folder to the disk. */
export function fsyncPath(file: string): void {
  const descriptor = fs.openSync(file, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

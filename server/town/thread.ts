import { parentPort, workerData } from 'node:worker_threads'
import { readBoundaries } from '../../geo/town/boundary-file.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import type { ThreadAnswer, ThreadInput } from './read.ts'

/** The thread that `readInThread` starts: reads one file, answers once. */
const { bytes } = workerData as ThreadInput
parentPort!.postMessage(answer())

function answer(): ThreadAnswer {
  const text = decode(bytes)
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    const archive = text.startsWith('PK') || text.startsWith('\0\0')
    return {
      unreadable: archive
        ? '像是压缩包或 Shapefile；请在 GIS 软件里导出为 GeoJSON / an archive or a shapefile; export it as GeoJSON in a GIS'
        : `不是 JSON / not JSON: ${(error as Error).message}`,
    }
  }
  return readBoundaries(input, QINGPU)
}

/** UTF-8, or GB18030 as Chinese desktop software writes it. */
function decode(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return new TextDecoder('gb18030').decode(raw)
  }
}

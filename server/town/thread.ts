import { parentPort, workerData } from 'node:worker_threads'
import { readBoundaries } from '../../geo/town/boundary-file.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { geojsonOf } from '../format/open.ts'
import type { ThreadAnswer, ThreadInput } from './read.ts'

/** West, south, east, north, in degrees. */
const CHINA = [73, 3, 136, 54] as [number, number, number, number]

/** The thread that `readInThread` starts: reads one file, answers once. */
const { bytes, name, folder } = workerData as ThreadInput
parentPort!.postMessage(await answer())

async function answer(): Promise<ThreadAnswer> {
  const text = decode(bytes)
  try {
    return readBoundaries(JSON.parse(text), QINGPU)
  } catch (error) {
    if (/^\s*[{[]/.test(text)) return { unreadable: `不是 JSON / not JSON: ${(error as Error).message}` }
  }
  try {
    // Any other map file, if it says itself where it lies: boundaries are no matter of guesses.
    return readBoundaries(await geojsonOf({ name, bytes }, { ground: CHINA, local: null }, folder), QINGPU)
  } catch (error) {
    return { unreadable: `读不了这个文件；可用 GeoJSON、Shapefile（zip）、GeoPackage、KML、FlatGeobuf / not readable here: ${(error as Error).message.slice(0, 200)}` }
  }
}

/** UTF-8, or GB18030 as Chinese desktop software writes it. */
function decode(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    return new TextDecoder('gb18030').decode(raw)
  }
}

/** GDAL's ogr2ogr, the other opinion on map files: it writes what is read here, and reads what is written here. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { zip } from '../../../server/task-list/doors/zip.ts'

/** Where the program is; null: not here. */
export function findOgr2ogr(): string | null {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'ogr2ogr')).find((path) => existsSync(path)) ?? null
}

const inFolder = <T>(work: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'xiangtu-gdal-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = (args: string[]) => execFileSync(findOgr2ogr()!, args, { stdio: ['ignore', 'pipe', 'pipe'] })

/** A file that GDAL writes from GeoJSON; shapefiles come zipped. */
export function writeByGdal(geojson: object, format: string, extension: string, more: string[] = []): { name: string; bytes: Uint8Array } {
  return inFolder((folder) => {
    const source = join(folder, 'source.geojson')
    writeFileSync(source, JSON.stringify(geojson))
    const target = join(folder, `地块.${extension}`)
    run(['-f', format, target, source, ...more])
    if (extension !== 'shp') return { name: `地块.${extension}`, bytes: readFileSync(target) }
    const parts = readdirSync(folder).filter((name) => name.startsWith('地块.'))
    return { name: '地块.zip', bytes: zip(new Map(parts.map((name) => [name, readFileSync(join(folder, name))]))) }
  })
}

/** What GDAL reads from a file of ours, as GeoJSON in the file's own system. */
export function readByGdal(bytes: Uint8Array, extension: string, more: string[] = []): { features: { geometry: { type: string; coordinates: never } | null; properties: Record<string, unknown> }[]; crs?: { properties: { name: string } } } {
  return inFolder((folder) => {
    const source = join(folder, `in.${extension}`)
    writeFileSync(source, bytes)
    const target = join(folder, 'out.geojson')
    run(['-f', 'GeoJSON', target, extension === 'zip' ? `/vsizip/${source}` : source, '-lco', 'COORDINATE_PRECISION=11', ...more])
    return JSON.parse(readFileSync(target, 'utf8')) as never
  })
}

import gcoordModule from 'gcoord'
import proj4 from 'proj4'
import type { Crs } from './crs.ts'
import { FALSE_EASTING, projectGauss, unprojectGauss } from './gauss.ts'

const gcoord = gcoordModule as unknown as typeof gcoordModule.default

/** Changes pairs of coordinates in place. */
export type Transform = (xy: Float64Array) => void

const SPHERE = 6378137
const DEGREE = Math.PI / 180
const nothing: Transform = () => {}

/** What stands before the easting of a zone. */
const eastingOf = ({ zone = 0 }: Crs) => zone * 1_000_000 + FALSE_EASTING

/**
 * From a system to WGS84 longitude and latitude.
 * @param local the proj string of the installation's own system
 * @throws Error where the local system is wanted and there is none
 */
export function toLonLat(crs: Crs, local: string | null = null): Transform {
  switch (crs.kind) {
    case 'geographic':
      return nothing
    case 'zone3':
    case 'zone6':
      return (xy) => unprojectGauss(xy, crs.meridian!, eastingOf(crs))
    case 'mercator':
      return (xy) => {
        for (let i = 0; i < xy.length; i += 2) {
          xy[i] = xy[i]! / SPHERE / DEGREE
          xy[i + 1] = Math.atan(Math.sinh(xy[i + 1]! / SPHERE)) / DEGREE
        }
      }
    case 'gcj02':
      return eachPair(([lon, lat]) => gcoord.transform([lon, lat], gcoord.GCJ02, gcoord.WGS84))
    case 'local':
      return eachPair(proj4(definitionOf(local), 'WGS84').forward)
  }
}

/** From WGS84 longitude and latitude to a system. */
export function fromLonLat(crs: Crs, local: string | null = null): Transform {
  switch (crs.kind) {
    case 'geographic':
      return nothing
    case 'zone3':
    case 'zone6':
      return (xy) => projectGauss(xy, crs.meridian!, eastingOf(crs))
    case 'mercator':
      return (xy) => {
        for (let i = 0; i < xy.length; i += 2) {
          xy[i] = xy[i]! * DEGREE * SPHERE
          xy[i + 1] = Math.asinh(Math.tan(xy[i + 1]! * DEGREE)) * SPHERE
        }
      }
    case 'gcj02':
      return eachPair(([lon, lat]) => gcoord.transform([lon, lat], gcoord.WGS84, gcoord.GCJ02))
    case 'local':
      return eachPair(proj4('WGS84', definitionOf(local)).forward)
  }
}

function definitionOf(local: string | null): string {
  if (!local) throw new Error('no local system is configured')
  return local
}

/** Whether a proj string can be understood. */
export function isProjString(text: string): boolean {
  try {
    const [x, y] = proj4(text, 'WGS84').forward(proj4('WGS84', text).forward([121, 31]))
    return Number.isFinite(x) && Number.isFinite(y)
  } catch {
    return false
  }
}

function eachPair(change: (pair: [number, number]) => number[]): Transform {
  return (xy) => {
    for (let i = 0; i < xy.length; i += 2) {
      const [x, y] = change([xy[i]!, xy[i + 1]!])
      xy[i] = x!
      xy[i + 1] = y!
    }
  }
}

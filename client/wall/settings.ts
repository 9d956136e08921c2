import { WALL_PAGES, WALL_SECONDS, type WallPage } from '../../geo/wall/page.ts'
import type { Query } from '../view/view.ts'

/** How a wall was set up: all of it stands in its address. */
export interface WallSettings {
  /** In the order that they are turned through. */
  pages: WallPage[]
  /** How long each stands. */
  seconds: number
  /** The secret after the `#`, which no server ever sees in an address; null: whoever is signed in. */
  token: string | null
}

/** `/wall?pages=overview,towns&seconds=30#token=…`; what is missing or makes no sense is as usual. */
export function parseSettings(query: Query, hash: string): WallSettings {
  const all = Object.keys(WALL_PAGES) as WallPage[]
  const asked = typeof query.pages === 'string' ? query.pages.split(',').filter((page): page is WallPage => page in WALL_PAGES) : []
  const seconds = Number(query.seconds)
  return {
    pages: asked.length ? [...new Set(asked)] : all,
    seconds: Number.isFinite(seconds) && seconds > 0 ? Math.min(WALL_SECONDS.most, Math.max(WALL_SECONDS.least, Math.round(seconds))) : WALL_SECONDS.usual,
    token: new URLSearchParams(hash.replace(/^#/, '')).get('token') || null,
  }
}

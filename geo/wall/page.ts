/** The pages that the wall turns through, in order; each has a key of its own on the keyboard, its number. */
export const WALL_PAGES = {
  overview: { zh: '总览', en: 'Overview' },
  categories: { zh: '各类任务', en: 'Categories' },
  towns: { zh: '滞后街镇', en: 'Towns behind' },
  trends: { zh: '逐月走势', en: 'Month by month' },
  due: { zh: '督办与问题', en: 'Orders and findings' },
} as const satisfies Record<string, { zh: string; en: string }>
export type WallPage = keyof typeof WALL_PAGES

/** How long a page stands, in seconds. */
export const WALL_SECONDS = { usual: 20, least: 5, most: 600 } as const

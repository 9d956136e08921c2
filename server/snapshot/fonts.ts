/** The typeface of pages, shipped with the program: a machine without any Chinese font prints the same. */
import { createRequire } from 'node:module'
import type { Weight } from '../../geo/snapshot/drawing.ts'

const { resolve } = createRequire(import.meta.url)
const file = (path: string) => resolve(`@expo-google-fonts/noto-sans-sc/${path}`)

export const FONT_FILES: Record<Weight, string> = {
  400: file('400Regular/NotoSansSC_400Regular.ttf'),
  700: file('700Bold/NotoSansSC_700Bold.ttf'),
}

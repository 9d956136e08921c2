import { onBeforeUnmount, onMounted, type ShallowRef } from 'vue'

/** A map as paper needs it: what it shows at once on a canvas of the page's own, as a canvas of WebGL comes out empty there. */
interface Drawn {
  drawOn(paper: HTMLCanvasElement): void
}

interface OnPaper {
  /** What holds the map and everything that lies over it. */
  section: Readonly<ShallowRef<HTMLElement | null>>
  /** The page's own canvas, which only paper shows. */
  paper: Readonly<ShallowRef<HTMLCanvasElement | null>>
  map: Readonly<ShallowRef<Drawn | null>>
  /** What is free for it on the sheet, in CSS pixels. */
  sheet: { width: number; height: number }
}

/**
 * Puts a map on paper as it stands on the screen: with the names and marks over it made smaller together, by `--paper-width`, `--paper-height` and
 * `--paper-scale` on the section, which its print style uses.
 * @returns to be told of each size on the screen; false: this is the sheet's layout, which is none of the map's
 */
export function usePaper({ section, paper, map, sheet }: OnPaper): (width: number, height: number) => boolean {
  const size = { width: 0, height: 0 }
  function toPaper(): void {
    if (!map.value || !paper.value || !section.value || !size.width) return
    map.value.drawOn(paper.value)
    const { style } = section.value
    style.setProperty('--paper-width', `${size.width}px`)
    style.setProperty('--paper-height', `${size.height}px`)
    style.setProperty('--paper-scale', String(Math.min(sheet.width / size.width, sheet.height / size.height)))
  }
  onMounted(() => window.addEventListener('beforeprint', toPaper))
  onBeforeUnmount(() => window.removeEventListener('beforeprint', toPaper))
  return (width, height) => {
    if (matchMedia('print').matches) return false
    Object.assign(size, { width, height })
    return true
  }
}

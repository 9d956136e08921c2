/**
 * Links the source on the left with the structure on the right. What carries `data-target="a b"` is a place of a and of b; pointing at one,
 * by mouse or by focus, lights up its partners, and the other side scrolls to the first of them. The classes are set on the elements
 * themselves and not through Vue: a list has thousands of marks and only a few of them light up.
 */
import { nextTick, onScopeDispose } from 'vue'
import type { Ref } from 'vue'

const LINKED = 'linked'

export interface Links {
  /** Lights up the places of these targets; with `reveal` the given side scrolls to the first. */
  point(targets: readonly string[], reveal?: Side | null): void
  /** Moves the focus to the first place of these targets on a side. */
  focus(targets: readonly string[], side: Side): Promise<boolean>
  onPoint(event: Event): void
  onClick(event: MouseEvent): void
  onKey(event: KeyboardEvent): void
}

export type Side = 'source' | 'structure'

const other: Record<Side, Side> = { source: 'structure', structure: 'source' }

export function useLinks(panes: Record<Side, Readonly<Ref<HTMLElement | null>>>): Links {
  let lit: Element[] = []
  let pinned: readonly string[] = []

  const placesOf = (targets: readonly string[], side: Side) =>
    targets.flatMap((target) => [
      ...(panes[side].value?.querySelectorAll<HTMLElement>(`[data-target~="${CSS.escape(target)}"]`) ?? []),
    ])

  /** Draws what is still to come of these targets' tasks, on a page that is drawn bit by bit. */
  async function ensure(targets: readonly string[], side: Side) {
    const names = new Set(targets.map((target) => /^[tm](\d+)/.exec(target)?.[1]).filter((no) => no !== undefined))
    const absent = [...names].flatMap((no) => [...(panes[side].value?.querySelectorAll(`[data-lazy~="t${no}"]`) ?? [])])
    if (absent.length === 0) return
    for (const element of absent) element.dispatchEvent(new Event('show'))
    await nextTick()
    light(pinned)
  }

  function light(targets: readonly string[]) {
    for (const element of lit) element.classList.remove(LINKED)
    lit = [...placesOf(targets, 'source'), ...placesOf(targets, 'structure')]
    for (const element of lit) element.classList.add(LINKED)
  }

  async function reveal(targets: readonly string[], side: Side) {
    await ensure(targets, side)
    const place = placesOf(targets, side)[0]
    if (!place) return
    openAround(place)
    place.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' })
  }

  function sideOf(element: Element): Side | null {
    return panes.source.value?.contains(element)
      ? 'source'
      : panes.structure.value?.contains(element)
        ? 'structure'
        : null
  }

  const links: Links = {
    point(targets, side = null) {
      pinned = targets
      light(targets)
      if (side) void reveal(targets, side)
    },
    async focus(targets, side) {
      await ensure(targets, side)
      const place = placesOf(targets, side)[0]
      if (!place) return false
      openAround(place)
      place.scrollIntoView({ block: 'center' })
      const focusable = place.matches('a,button,input,select,[tabindex]')
        ? place
        : place.querySelector<HTMLElement>('a,button,input,select,[tabindex]')
      focusable?.focus({ preventScroll: true })
      return focusable !== null
    },
    onPoint(event) {
      const place = (event.target as Element).closest?.<HTMLElement>('[data-target]')
      if (event.type === 'mouseleave') return light(pinned)
      if (!place) return
      const targets = targetsOf(place)
      if (event.type === 'focusin') {
        const side = sideOf(place)
        links.point(targets, side && other[side])
      } else light(targets)
    },
    onClick(event) {
      const place = (event.target as Element).closest<HTMLElement>('[data-target]')
      const side = place && sideOf(place)
      if (!place || !side) return
      if (place instanceof HTMLAnchorElement) event.preventDefault()
      links.point(targetsOf(place), other[side])
    },
    onKey(event) {
      const place = (event.target as Element).closest<HTMLElement>('[data-target]')
      const side = place && sideOf(place)
      if (!place || !side) return
      const across = event.key === 'F6' || (side === 'source' && event.key === 'Enter')
      if (!across) return
      event.preventDefault()
      void links.focus(targetsOf(place), other[side])
    },
  }
  onScopeDispose(() => void (lit = []))
  return links
}

function targetsOf(place: HTMLElement): string[] {
  return (place.dataset.target ?? '').split(' ').filter(Boolean)
}

function openAround(place: Element) {
  for (let details = place.closest('details'); details; details = details.parentElement?.closest('details') ?? null)
    details.open = true
}

function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

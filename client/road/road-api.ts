/** What hangs on a road: findings and photos at a chainage. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { pageQuery } from '../finding/finding-api.ts'
import { LOOK_COLOURS, lookOf, type Look } from '../finding/look.ts'
import { queryClient, request, send } from '../api.ts'
import { usePlan } from '../plan/use-plan.ts'
import { useSession } from '../session/use-session.ts'
import { useView } from '../view/use-view.ts'
import type { StripPin } from './RoadStrip.vue'

export interface RoadPhoto {
  id: number
  road: number
  chainage: number
  takenOn: string
  words: string
  name: string
  addedBy: string
  demo: boolean
}
export const roadPhotosQuery = (road: number) => ({ queryKey: ['road-photos', road], queryFn: () => request<RoadPhoto[]>(`/api/roads/${road}/photos`) })
export const roadPhotoFile = (id: number) => `/api/road-photos/${id}/file`
export const addRoadPhotoPath = (road: number, given: { chainage: number; takenOn: string; words: string }) =>
  `/api/roads/${road}/photos?${new URLSearchParams({ chainage: String(Math.round(given.chainage * 10) / 10), ...(given.takenOn ? { takenOn: given.takenOn } : {}), ...(given.words ? { words: given.words } : {}) }).toString()}`
export const removeRoadPhoto = (id: number) => send<void>('DELETE', `/api/road-photos/${id}`)
export const refreshRoadPhotos = () => queryClient.invalidateQueries({ queryKey: ['road-photos'] })

/** The signs of findings' looks where there is room for one character. */
const SIGNS: Record<Look, string> = { overdue: '■', hung: '▲', fixed: '◆', struck: '◉', checked: '●', cancelled: '×' }

/**
 * Findings (those that the reader may see) and photos of a road, and the pins that they are on its strip and on the map. On a past day the photos that had
 * been taken by then; findings are told as they stand now, which would be wrong of that day, so that there are none.
 */
export function useRoadPins(road: () => number | null) {
  const { t } = useI18n()
  const router = useRouter()
  const { view, link } = useView()
  const { can } = useSession()
  const { plan } = usePlan()
  const year = computed(() => plan.value?.year ?? 0)
  const photosQuery = useQuery(computed(() => ({ ...roadPhotosQuery(road() ?? 0), enabled: road() !== null })), queryClient)
  const findingsQuery = useQuery(computed(() => ({ ...pageQuery(year.value, `road=${road() ?? 0}&order=due&limit=200`), enabled: road() !== null && view.value.at === null && year.value > 0 && can('finding.read') })), queryClient)
  const photos = computed(() => (road() === null ? [] : (photosQuery.data.value ?? []).filter((photo) => photo.road === road() && (view.value.at === null || photo.takenOn <= view.value.at))))
  const findings = computed(() => (road() === null || view.value.at !== null ? [] : (findingsQuery.data.value?.findings ?? []).filter((finding) => finding.road?.feature === road())))
  const pins = computed<StripPin[]>(() => [
    ...findings.value.map((finding): StripPin => ({ key: `finding/${finding.id}`, row: 'findings', metres: finding.road!.chainage, sign: SIGNS[lookOf(finding)], label: `${t('road.row.findings')} ${finding.no} ${finding.title}`, colour: LOOK_COLOURS[lookOf(finding)] })),
    ...photos.value.map((photo): StripPin => ({ key: `photo/${photo.id}`, row: 'photos', metres: photo.chainage, sign: '▣', label: `${t('road.row.photos')} ${photo.takenOn} ${photo.words}`, colour: '#1d4f91' })),
  ])
  function open({ key }: StripPin): void {
    const [kind, id] = key.split('/')
    if (kind === 'finding') void router.push(link(`/findings/${id}`))
    else window.open(roadPhotoFile(Number(id)), '_blank', 'noopener')
  }
  return { year, photos, findings, pins, open }
}

import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { Action } from '../geo/right/right.ts'
import { ProblemError, queryClient } from './api.ts'
import { hasEnded, SESSION } from './session/session-api.ts'
import { parseView, viewQuery } from './view/view.ts'
import { speak, speakOnScreens } from './words/index.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the screen's name, for the window's title and the navigation. */
    title: string
    /** Comes with words of its own (words/screens.*.ts). */
    lazy?: true
    /** Only who may do this comes in; others are told why, or asked to sign in first. */
    needs?: Action
    /** Only who is signed in comes in. */
    signedIn?: true
    /** Anybody reads it, also where reading the rest needs an account. */
    open?: true
    /** Fills the whole window: no bar on top, no notices. */
    bare?: true
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./home/HomeScreen.vue'), meta: { title: 'nav.map' } },
  { path: '/lights', component: () => import('./light/LightsScreen.vue'), meta: { title: 'nav.lights', lazy: true } },
  { path: '/tasks', component: () => import('./task/TasksScreen.vue'), meta: { title: 'nav.tasks', lazy: true } },
  {
    path: '/tasks/:no(\\d+)',
    component: () => import('./task/TaskScreen.vue'),
    props: true,
    meta: { title: 'nav.tasks', lazy: true },
  },
  { path: '/towns', component: () => import('./town/TownsScreen.vue'), meta: { title: 'nav.towns', lazy: true } },
  {
    path: '/towns/:code',
    component: () => import('./town/TownScreen.vue'),
    props: true,
    meta: { title: 'nav.towns', lazy: true },
  },
  { path: '/reports', component: () => import('./report/ReportsScreen.vue'), meta: { title: 'nav.reports', lazy: true, needs: 'report.read' } },
  {
    path: '/reviews',
    component: () => import('./review/ReviewsScreen.vue'),
    meta: { title: 'nav.reviews', lazy: true, needs: 'report.read' },
  },
  { path: '/months', component: () => import('./month/MonthsScreen.vue'), meta: { title: 'nav.months', lazy: true, needs: 'plan.read' } },
  {
    path: '/months/:month(\\d{4}-\\d{2})/frozen/:version(\\d+)',
    component: () => import('./month/FrozenScreen.vue'),
    props: true,
    meta: { title: 'nav.months', lazy: true, needs: 'plan.read' },
  },
  { path: '/meetings', component: () => import('./meeting/MeetingsScreen.vue'), meta: { title: 'nav.meetings', lazy: true, needs: 'plan.read' } },
  {
    path: '/meetings/:month(\\d{4}-\\d{2})',
    component: () => import('./meeting/MeetingScreen.vue'),
    props: true,
    meta: { title: 'nav.meetings', lazy: true, needs: 'plan.read' },
  },
  { path: '/snapshots', component: () => import('./snapshot/SnapshotsScreen.vue'), meta: { title: 'nav.snapshots', lazy: true, needs: 'snapshot.read' } },
  { path: '/snapshots/new', component: () => import('./snapshot/StudioScreen.vue'), meta: { title: 'nav.export', lazy: true, needs: 'snapshot.make' } },
  ...(['snapshot', 'atlas', 'pack'] as const).map((kind) => ({
    path: `/${kind === 'atlas' ? 'atlases' : `${kind}s`}/:id(\\d+)`,
    component: () => import('./snapshot/SnapshotScreen.vue'),
    props: ({ params }: { params: Record<string, unknown> }) => ({ kind, id: params.id }),
    meta: { title: 'nav.snapshots', lazy: true, needs: kind === 'pack' ? 'pack.read' : 'snapshot.read' } as const,
  })),
  { path: '/s/:hash([0-9a-f]{12})', component: () => import('./snapshot/ShortLink.vue'), props: true, meta: { title: 'nav.snapshots', lazy: true, needs: 'snapshot.read' } },
  { path: '/notices', component: () => import('./notice/NoticesScreen.vue'), meta: { title: 'nav.notices', lazy: true, open: true } },
  { path: '/notices/:id(\\d+)', component: () => import('./notice/NoticeScreen.vue'), props: true, meta: { title: 'nav.notices', lazy: true, open: true } },
  {
    path: '/admin/notices/:id(\\d+)',
    component: () => import('./notice/NoticeEditor.vue'),
    props: true,
    meta: { title: 'nav.notices', lazy: true, needs: 'notice.publish' },
  },
  { path: '/planning', component: () => import('./planning/PlanningScreen.vue'), meta: { title: 'nav.planning', lazy: true } },
  { path: '/reconciliation', component: () => import('./reconciliation/ReconciliationScreen.vue'), meta: { title: 'nav.reconciliation', lazy: true } },
  { path: '/planning/imports', component: () => import('./import/ImportsScreen.vue'), meta: { title: 'nav.planning', lazy: true, needs: 'layer.import' } },
  { path: '/planning/imports/:id(\\d+)', component: () => import('./import/ImportScreen.vue'), props: true, meta: { title: 'nav.planning', lazy: true, needs: 'layer.import' } },
  {
    path: '/admin/lists',
    component: () => import('./task-list/ListsScreen.vue'),
    meta: { title: 'nav.lists', lazy: true, needs: 'list.import' },
  },
  {
    path: '/admin/lists/:id',
    component: () => import('./task-list/ListScreen.vue'),
    props: true,
    meta: { title: 'nav.lists', lazy: true, needs: 'list.import' },
  },
  {
    path: '/admin/towns',
    component: () => import('./admin/BoundariesScreen.vue'),
    meta: { title: 'nav.boundaries', lazy: true, needs: 'boundary.replace' },
  },
  {
    path: '/admin/people',
    component: () => import('./account/PeopleScreen.vue'),
    meta: { title: 'nav.people', lazy: true, needs: 'account.manage' },
  },
  {
    path: '/admin/rights',
    component: () => import('./account/RightsScreen.vue'),
    meta: { title: 'nav.rights', lazy: true, signedIn: true },
  },
  {
    path: '/admin/audit',
    component: () => import('./audit/AuditScreen.vue'),
    meta: { title: 'nav.audit', lazy: true, needs: 'audit.read' },
  },
  {
    path: '/me',
    component: () => import('./account/MeScreen.vue'),
    meta: { title: 'nav.me', lazy: true, signedIn: true },
  },
  { path: '/inbox', component: () => import('./inbox/InboxScreen.vue'), meta: { title: 'nav.inbox', lazy: true, signedIn: true } },
  { path: '/orders/:id(\\d+)?', component: () => import('./order/OrdersScreen.vue'), props: true, meta: { title: 'nav.orders', lazy: true, needs: 'order.read' } },
  { path: '/findings/:id(\\d+)?', component: () => import('./finding/FindingsScreen.vue'), props: true, meta: { title: 'nav.findings', lazy: true, needs: 'finding.read' } },
  { path: '/checks', component: () => import('./check/ChecksScreen.vue'), meta: { title: 'nav.checks', lazy: true, needs: 'check.read' } },
  { path: '/checks/:id(\\d+)', component: () => import('./check/CheckScreen.vue'), props: true, meta: { title: 'nav.checks', lazy: true, needs: 'check.read' } },
  { path: '/reminders', component: () => import('./reminder/RemindersScreen.vue'), meta: { title: 'nav.reminders', lazy: true, needs: 'reminder.read' } },
  { path: '/admin/rules', component: () => import('./rule/RulesScreen.vue'), meta: { title: 'nav.rules', lazy: true, needs: 'calendar.edit' } },
  { path: '/admin/channels', component: () => import('./channel/ChannelsScreen.vue'), meta: { title: 'nav.channels', lazy: true, needs: 'channel.edit' } },
  { path: '/admin/walls', component: () => import('./wall/WallsScreen.vue'), meta: { title: 'nav.walls', lazy: true, needs: 'wall.manage' } },
  // It says by itself what it may not see: a wall is sent to no door.
  { path: '/wall', component: () => import('./wall/WallScreen.vue'), meta: { title: 'nav.wall', lazy: true, open: true, bare: true } },
  { path: '/admin/letters', component: () => import('./letter/LettersScreen.vue'), meta: { title: 'nav.letters', lazy: true, needs: 'letter.edit' } },
  { path: '/login', component: () => import('./session/LoginScreen.vue'), meta: { title: 'nav.login', lazy: true } },
  { path: '/admin', redirect: '/admin/lists' },
  { path: '/:rest(.*)*', component: () => import('./shell/NotFoundScreen.vue'), meta: { title: 'notFound.title' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

// The language is part of the view, so that a link opens in the language that it was copied in.
router.beforeEach(async (to) => {
  const { lang } = parseView(to.query)
  await (to.meta.lazy ? speakOnScreens(lang) : speak(lang))
})

// The session is asked for only where a screen depends on it: the first screen does not wait for it.
router.beforeEach(async (to) => {
  if (!to.meta.needs && !to.meta.signedIn) return true
  const { person, mustChange } = await queryClient.fetchQuery({ ...SESSION, staleTime: 60_000 })
  // With a first password nothing else is answered yet.
  if (mustChange && to.path !== '/me') return { path: '/me', query: viewQuery(parseView(to.query)) }
  return person !== null || { path: '/login', query: { ...viewQuery(parseView(to.query)), to: to.fullPath } }
})

// Signed out in the meantime, or reading needs an account here: to the door, and afterwards back.
let leaving = false
queryClient.getQueryCache().config.onError = (error) => {
  if (!(error instanceof ProblemError) || error.problem.type !== '/problems/sign-in-needed' || leaving) return
  leaving = true
  // Who was signed in a moment ago is told that this has ended; who never was is just asked who they are.
  const ended = hasEnded() ? { failed: 'ended' } : {}
  void queryClient.invalidateQueries({ queryKey: SESSION.queryKey })
  // What is asked for before the first screen is there may fail before anybody knows where that is.
  void router.isReady().then(async () => {
    const here = router.currentRoute.value
    if (here.path !== '/login' && !here.meta.open) await router.replace({ path: '/login', query: { ...viewQuery(parseView(here.query)), ...ended, to: here.fullPath } })
    leaving = false
  })
}

// A newer version was put in place while this page was open: its parts have other names now. The page is loaded anew, once.
router.onError((error: Error, to) => {
  if (!/dynamically imported module|Unable to preload|Importing a module script failed/i.test(error.message)) return
  const tried = sessionStorage.getItem('reloaded-for')
  sessionStorage.setItem('reloaded-for', to.fullPath)
  if (tried !== to.fullPath) location.assign(to.fullPath)
})

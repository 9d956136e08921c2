/**
 * Where the screens begin.
 *
 * Adding a screen: write `<noun>/<Name>Screen.vue`, give it a line in router.ts (`lazy: true` brings the words of words/screens.*.ts with it),
 * put its words there, first Chinese, then English. In it:
 *  - `usePlan()` (plan/use-plan.ts) gives state, plan, month and the month's lights; wrap the screen in <PlanGate> for loading, failure and "no plan";
 *  - `useView()` (view/use-view.ts) gives what is chosen and `change()`; everything chosen lives in the URL, `link()` keeps plan, month, language;
 *  - api.ts asks the server, failures are ProblemError with words for the screen; `useQuery({…}, queryClient)`;
 *  - number/format.ts writes numbers, units and dates; ui/ has the dumb parts (LightMark, LightCounts, MarkedText, DemoTag, …);
 *  - style/tokens.css has every colour and distance, `.button` and `.field` are in style/base.css; styles of a part are scoped.
 * Heavy packages (Element Plus, echarts) are imported by the lazy screens only: the first screen stays small.
 */
import { createApp } from 'vue'
import App from './app.vue'
import { preloadPlan } from './plan/use-plan.ts'
import { router } from './router.ts'
import './style/index.css'
import { parseView } from './view/view.ts'
import { i18n, speak } from './words/index.ts'

const view = parseView(Object.fromEntries(new URLSearchParams(location.search)))
// The wall asks for its own, smaller answers.
if (location.pathname !== '/wall') preloadPlan(view.plan)

// The fallback font for machines without Chinese fonts: 100 small files by ranges of characters, asked for only where a character needs one.
void import('@fontsource-variable/noto-sans-sc/index.css')

const app = createApp(App).use(router).use(i18n)
void Promise.all([speak(view.lang), router.isReady()]).then(() => app.mount('#app'))

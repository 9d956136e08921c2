/** A problem of the reader as a sentence in the language of the screen: the reader's own in Chinese, the same in English. */
import type { Problem } from '../../geo/plan/plan.ts'
import { useView } from '../view/use-view.ts'
import { PROBLEMS_EN } from './problem-en.ts'

export function useProblemWords(): (problem: Problem) => string {
  const { view } = useView()
  return (problem) => (view.value.lang === 'en' ? PROBLEMS_EN[problem.kind](problem.params) : problem.message)
}

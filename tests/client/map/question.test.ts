import { describe, expect, it } from 'vitest'
import { answerOf, questionOf } from '../../../geo/map/question.ts'
import { BEHIND_CLASSES, COMPLETION_CLASSES, LIGHT_AREAS, classOf } from '../../../geo/map/scales.ts'
import { DEFAULT_VIEW } from '../../../client/view/view.ts'
import { measureOf, planOf, seriesOf, taskOf } from '../plan/fixture.ts'

const BAIHE = '310118110'
const JINZE = '310118104'
const XIAYANG = '310118001'
const DISTRICT = '310118'
const grain = taskOf(14, [
  measureOf('14.1', { [BAIHE]: 200, [JINZE]: 100 }),
  measureOf('14.2', { [DISTRICT]: 5 }, { unit: '%', kind: 'rate' }),
])
const plan = planOf([grain], [seriesOf('14.1', BAIHE, { 9: 20 }), seriesOf('14.2', DISTRICT, { 9: 5 })])
const month = plan.lightsAt('2023-09')
const view = (more: object) => questionOf(plan, { ...DEFAULT_VIEW, ...more })

describe('the question of the map', () => {
  it('should be how many tasks are behind when no task is chosen', () => {
    expect(view({}).kind).toBe('behind')
    expect(view({ task: 99 }).kind).toBe('behind')
    const answer = answerOf(view({}), plan, month, BAIHE)
    expect(answer).toMatchObject({ counts: { red: 1 }, colour: classOf(BEHIND_CLASSES, 1).colour })
    expect(answerOf(view({}), plan, month, XIAYANG).texture).toBe('blank')
  })

  it('should not say that nothing is behind where nobody has reported', () => {
    expect(answerOf(view({}), plan, month, JINZE)).toMatchObject({ texture: 'hatched' })
    expect(answerOf(view({}), plan, month, BAIHE)).toMatchObject({ texture: 'plain' })
  })

  it('should be a task’s lights, and tell "not assigned" from "nothing approved"', () => {
    const question = view({ task: 14 })
    expect(answerOf(question, plan, month, BAIHE)).toMatchObject({
      light: 'red',
      colour: LIGHT_AREAS.red,
      share: 0.1,
      value: 20,
      target: 200,
    })
    expect(answerOf(question, plan, month, JINZE)).toMatchObject({ light: 'red', share: null, value: null })
    expect(answerOf(question, plan, month, XIAYANG)).toMatchObject({ texture: 'blank', light: null })
  })

  it('should count lights for the district and sum the values of the split measure, never average colours', () => {
    const answer = answerOf(view({ task: 14 }), plan, month, DISTRICT)
    expect(answer).toMatchObject({ light: null, counts: { red: 2, green: 1 }, value: 20, target: 300 })
  })

  it('should be a measure’s completion in classes, hatched where nothing was approved: no data is not zero', () => {
    const question = view({ task: 14, by: 'completion' })
    expect(question).toMatchObject({ kind: 'completion', measure: { id: '14.1' } })
    expect(answerOf(question, plan, month, BAIHE)).toMatchObject({
      texture: 'plain',
      share: 0.1,
      colour: COMPLETION_CLASSES[0]!.colour,
    })
    expect(answerOf(question, plan, month, JINZE)).toMatchObject({ texture: 'hatched', share: null })
    expect(answerOf(question, plan, month, XIAYANG).texture).toBe('blank')
  })

  it('should put a share that is just done into the last class, and one just short of it below', () => {
    expect(classOf(COMPLETION_CLASSES, 1)).toBe(COMPLETION_CLASSES.at(-1))
    expect(classOf(COMPLETION_CLASSES, 0.9999)).toBe(COMPLETION_CLASSES.at(-2))
  })
})

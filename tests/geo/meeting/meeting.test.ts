import { describe, expect, it } from 'vitest'
import type { Light, LightColour } from '../../../geo/light/light.ts'
import { agendaOf, isLongRed } from '../../../geo/meeting/agenda.ts'
import { comingBack, isOpen, type DecisionOutcome } from '../../../geo/meeting/decision.ts'

function light(task: number, town: string, colour: LightColour, part: Partial<Light> = {}): Light {
  const measure = `${task}.1`
  return {
    ...{ task, measure, town, light: colour, expected: 0.5, done: 0.2, claimed: null, value: 20, target: 100, gap: 30 },
    ...{ reasonKey: 'behind', reasonParams: {}, reason: '', since: '2023-11-20', wasRed: false, late: false, demo: false },
    ...part,
  }
}

describe('the agenda of a meeting', () => {
  it('should put the most red units first, then the longest red, then the most yellow, then the largest gap', () => {
    const lights = [
      light(1, 'a', 'yellow', { gap: 6 }),
      light(2, 'a', 'red'),
      light(3, 'a', 'red', { since: '2023-08-01' }),
      light(4, 'a', 'red'),
      light(4, 'b', 'red'),
      light(5, 'a', 'yellow', { gap: 12 }),
      light(6, 'a', 'green'),
      light(7, 'a', 'grey'),
      light(2, 'b', 'yellow'),
    ]
    const agenda = agendaOf(lights, [], '2023-11-30')
    expect(agenda.map(({ task }) => task)).toEqual([4, 3, 2, 5, 1])
    expect(agenda[2]).toMatchObject({ red: 1, yellow: 1, longRed: 0, units: [{ town: 'a', light: 'red', days: 11 }, { town: 'b', light: 'yellow' }] })
    expect(agenda[1]).toMatchObject({ longRed: 1 })
  })

  it('should say what became worse since last month', () => {
    const before = [light(1, 'a', 'green'), light(1, 'b', 'red'), light(1, 'c', 'yellow')]
    const [item] = agendaOf([light(1, 'a', 'yellow'), light(1, 'b', 'red'), light(1, 'c', 'red')], before, '2023-11-30')
    expect(item).toMatchObject({ worse: 2 })
    expect(item!.units.map(({ town, worse }) => [town, worse])).toEqual([
      ['b', false],
      ['c', true],
      ['a', true],
    ])
  })

  it('should call it long red from the sixtieth day on', () => {
    expect(isLongRed({ light: 'red', days: 59 })).toBe(false)
    expect(isLongRed({ light: 'red', days: 60 })).toBe(true)
    expect(isLongRed({ light: 'yellow', days: 200 })).toBe(false)
  })
})

describe('a decision', () => {
  const found = (month: string, outcome: DecisionOutcome['outcome']): DecisionOutcome => ({ month, outcome, words: '', by: 'office', at: '' })

  it('should be open until something settles it', () => {
    expect(isOpen([])).toBe(true)
    expect(isOpen([found('2023-10', 'going-on')])).toBe(true)
    expect(isOpen([found('2023-10', 'going-on'), found('2023-11', 'done')])).toBe(false)
    expect(isOpen([found('2023-10', 'dropped')])).toBe(false)
  })

  it('should come back at every later meeting, and stay on the page of the one that settled it', () => {
    const decisions = [{ month: '2023-09', outcomes: [found('2023-10', 'going-on'), found('2023-11', 'done')] }]
    expect(comingBack(decisions, '2023-09')).toHaveLength(0)
    expect(comingBack(decisions, '2023-10')).toHaveLength(1)
    expect(comingBack(decisions, '2023-11')).toHaveLength(1)
    expect(comingBack(decisions, '2023-12')).toHaveLength(0)
  })
})

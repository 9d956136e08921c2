import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIGHTS } from '../../../geo/light/light.ts'
import { BY, changeView, DEFAULT_VIEW, LANGS, parseView, viewQuery, type View } from '../../../client/view/view.ts'

const month = fc
  .tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([y, m]) => `${y}-${String(m).padStart(2, '0')}`)
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const views: fc.Arbitrary<View> = fc
  .record({
    plan: orNull(fc.integer({ min: 1900, max: 2999 })),
    month: orNull(month),
    at: orNull(month.map((id) => `${id}-28`)),
    task: orNull(fc.integer({ min: 1, max: 999 })),
    measure: fc.constant(null),
    town: orNull(fc.constantFrom('310118', '310118001', '310118P01')),
    by: fc.constantFrom(...BY),
    light: orNull(fc.constantFrom(...LIGHTS)),
    department: orNull(fc.constantFrom('区农业农村委', '区发改委（金融办）')),
    due: orNull(month),
    q: fc.string(),
    lang: fc.constantFrom(...LANGS),
  })
  .chain((view) =>
    fc
      .option(fc.integer({ min: 1, max: 9 }), { nil: null })
      .map((n) => ({ ...view, measure: view.task && n ? `${view.task}.${n}` : null })),
  )

describe('the view in the URL', () => {
  it('should come back from its query as it was', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(parseView(viewQuery(view))).toEqual(view)
      }),
    )
  })

  it('should leave everything out that is as usual', () => {
    expect(viewQuery(DEFAULT_VIEW)).toEqual({})
    expect(viewQuery({ ...DEFAULT_VIEW, task: 14, measure: '14.1', lang: 'en' })).toEqual({
      measure: '14.1',
      lang: 'en',
    })
  })

  it('should take nonsense for nothing said', () => {
    const nonsense = {
      plan: '12',
      month: '2023-13',
      task: 'x',
      measure: '1',
      town: '<b>',
      by: 'colour',
      light: 'blue',
      due: 'May',
      lang: 'fr',
      q: ['a'],
    }
    expect(parseView(nonsense)).toEqual(DEFAULT_VIEW)
  })

  it('should not show a measure of another task', () => {
    expect(parseView({ task: '15', measure: '14.1' })).toMatchObject({ task: 15, measure: null })
    expect(parseView({ measure: '14.1' })).toMatchObject({ task: 14, measure: '14.1' })
  })

  it('should give up the measure when another task is chosen, and keep the rest', () => {
    const before = { ...DEFAULT_VIEW, task: 14, measure: '14.1', town: '310118110', month: '2023-06' }
    expect(changeView(before, { task: 15 })).toEqual({ ...before, task: 15, measure: null })
    expect(changeView(before, { measure: '20.2' })).toEqual({ ...before, task: 20, measure: '20.2' })
    expect(changeView(before, { month: '2023-07' })).toEqual({ ...before, month: '2023-07' })
  })
})

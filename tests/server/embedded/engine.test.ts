import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorOf, openTestDatabase, type TestDatabase } from './database.ts'

/** Crosses itself; GEOS throws when it is intersected. */
const BOW_TIE = 'POLYGON((0 0,1 1,1 0,0 1,0 0))'
const SQUARE = 'POLYGON((0 0,2 2,2 0,0 2,0 0))'
/** Nested so deeply that the stack of JavaScript ends before PostgreSQL's own check: the engine breaks. */
const BREAKING = `select (repeat('[', 1000000) || repeat(']', 1000000))::json is null as a`

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase({ limits: { statementSeconds: 5 } })
}, 240_000)
afterAll(() => database?.remove())

describe('an exception in GEOS', () => {
  it('should be an error of the statement, at once, and nothing else', async () => {
    const sql = database.connect()
    const error = await errorOf(sql`select st_intersection(${BOW_TIE}::geometry, ${SQUARE}::geometry)`)
    expect(error.message).toContain('TopologyException')
    expect((await sql`select 1 as a`)[0]!.a).toBe(1)
    expect(database.log).toEqual([])
  })

  it('should be an error while a table is read, and leave nothing written', async () => {
    const sql = database.connect()
    await sql`create table plot as select i, ${BOW_TIE}::geometry as shape from generate_series(1, 20) i`
    const error = await errorOf(sql`update plot set shape = st_intersection(shape, ${SQUARE}::geometry)`)
    expect(error.message).toContain('TopologyException')
    expect((await sql`select count(*)::int as n from plot where st_astext(shape) = ${BOW_TIE}`)[0]!.n).toBe(20)
  })

  it('should be caught by an EXCEPTION block, and rolled back to a savepoint', async () => {
    const sql = database.connect()
    await sql.unsafe(`create function careful() returns text language plpgsql as $$
      begin
        perform st_intersection('${BOW_TIE}'::geometry, '${SQUARE}'::geometry);
        return 'nothing happened';
      exception when others then
        return sqlerrm;
      end $$`)
    expect((await sql`select careful() as text`)[0]!.text).toContain('TopologyException')
    await sql.begin(async (tx) => {
      await tx`create table kept (a int)`
      await errorOf(tx.savepoint((inner) => inner`select st_intersection(shape, ${SQUARE}::geometry) from plot`))
      await tx`insert into kept values (1)`
    })
    expect((await sql`select a from kept`)[0]!.a).toBe(1)
  })

  it('should leave the engine sound after many of them, and after many ordinary errors', async () => {
    const sql = database.connect({ max: 1 })
    for (let i = 0; i < 1500; i++)
      await errorOf(sql`select st_intersection(shape, ${SQUARE}::geometry) from plot where i = ${(i % 20) + 1}`)
    for (let i = 0; i < 3000; i++) await errorOf(sql`select 1 / ${0}::int`)
    const [row] =
      await sql`select st_area(st_intersection('POLYGON((0 0,2 0,2 2,0 2,0 0))'::geometry, 'POLYGON((1 1,3 1,3 3,1 3,1 1))'::geometry)) as area`
    expect(row!.area).toBe(1)
    expect(database.log).toEqual([])
  })
})

describe('a stack that overflows', () => {
  it('should be the error 54001, and the next statement should be fine', async () => {
    const sql = database.connect()
    await sql.unsafe('create function deep(n int) returns int language plpgsql as $$ begin return deep(n + 1); end $$')
    expect((await errorOf(sql`select deep(1)`)).code).toBe('54001')
    expect((await errorOf(sql.unsafe(`select ${'1+'.repeat(30_000)}1`))).code).toBe('54001')
    for (let i = 0; i < 20; i++) expect((await sql`select ${i}::int as i`)[0]!.i).toBe(i)
    expect(database.log).toEqual([])
  })
})

describe('an engine that broke', () => {
  it('should answer its client with an error, start again, and go on with what waits', async () => {
    const sql = database.connect({ max: 6 })
    await sql`create table survivors (a int primary key)`
    await sql`insert into survivors values (1)`
    await sql`select a from survivors where a = ${1}`
    const breaking = errorOf(sql.unsafe(BREAKING))
    const waiting = Array.from({ length: 12 }, (_, i) => sql`select ${i}::int as i, a from survivors where a = ${1}`)
    expect(await breaking).toMatchObject({ code: 'XX000', message: expect.stringContaining('engine broke') })
    expect((await Promise.all(waiting)).map((rows) => rows[0])).toEqual(
      Array.from({ length: 12 }, (_, i) => ({ i, a: 1 })),
    )
    expect(database.log.join()).toContain('starts again')
  })

  it('should roll back the transaction it was in, and run none of its later statements by themselves', async () => {
    const sql = database.connect({ max: 1 })
    const inside: (string | undefined)[] = []
    const error = await errorOf(
      sql.begin(async (tx) => {
        await tx`insert into survivors values (2)`
        inside.push((await errorOf(tx.unsafe(BREAKING))).code)
        inside.push((await errorOf(tx`insert into survivors values (3)`)).code)
      }),
    )
    expect(inside).toEqual(['XX000', '25P02'])
    expect(error.code).toBe('XX000')
    expect((await sql`select a from survivors order by a`).map((row) => row.a)).toEqual([1])
  })

  it('should end a statement that runs too long, or is cancelled', async () => {
    const sql = database.connect({ max: 2 })
    const endless = sql`select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b`
    expect((await errorOf(endless)).message).toContain('longer than 5 seconds')
    await sql`select 1`
    const cancelled = sql`select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b`
    const outcome = errorOf(cancelled)
    setTimeout(() => cancelled.cancel(), 500)
    expect(await outcome).toMatchObject({ code: '57014', message: 'canceling statement due to user request' })
    expect((await sql`select 1 as a`)[0]!.a).toBe(1)
  })
})

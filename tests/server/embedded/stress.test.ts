import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from './database.ts'

const ANSWERS = Number(process.env.XIANGTU_STRESS ?? 6000)
const CALLERS = 24
const FAILING = 0.05

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
}, 240_000)
afterAll(() => database?.remove())

describe.each([
  { name: 'prepared statements, a pool of 8', options: { max: 8 } },
  { name: 'one connection for each caller', options: { max: CALLERS } },
])('the bridge under stress: $name', ({ options }) => {
  it(`should answer ${CALLERS} callers right, ${FAILING * 100} % of whose statements fail`, async () => {
    const sql = database.connect(options)
    await sql`drop table if exists town, report`
    await sql`create table town (code int primary key, name text)`
    await sql`create table report (town int, id int, primary key (town, id))`
    for (let code = 0; code < 100; code++) await sql`insert into town values (${code}, ${'town ' + code})`
    await sql`insert into report values (-1, -1)`

    const wrong: string[] = []
    const counts = { rows: 0, violations: 0, inserts: 0, transactions: 0 }
    const perCaller = Math.ceil(ANSWERS / 2 / CALLERS)
    const caller = async (who: number) => {
      let seed = who + 1
      const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
      for (let i = 0; i < perCaller; i++) {
        const kind = random()
        if (kind < FAILING) {
          const error = await sql`insert into report values (-1, -1)`.then(
            () => null,
            (thrown: { code: string }) => thrown,
          )
          counts.violations++
          if (error?.code !== '23505') wrong.push(`violation answered with ${error?.code ?? 'rows'}`)
        } else if (kind < 0.2) {
          const [row] = await sql`insert into report values (${who}, ${i}) returning town, id`
          counts.inserts++
          if (row?.town !== who || row.id !== i) wrong.push(`insert ${who}/${i} answered with ${JSON.stringify(row)}`)
        } else if (kind < 0.25) {
          const before = await sql.begin(async (tx) => {
            const [first] = await tx`select ${who}::int as who, ${i}::int as i`
            const [second] = await tx`select count(*)::int as n from town`
            return { ...first, ...second }
          })
          counts.transactions++
          if (before.who !== who || before.i !== i || before.n !== 100)
            wrong.push(`transaction ${JSON.stringify(before)}`)
        } else {
          const code = Math.floor(random() * 100)
          const rows = await sql`select code, name, ${who}::int as who, ${i}::int as i from town where code = ${code}`
          counts.rows++
          const [row] = rows
          if (rows.length !== 1 || row?.code !== code || row.name !== 'town ' + code || row.who !== who || row.i !== i)
            wrong.push(`town ${code} answered with ${JSON.stringify(rows)}`)
        }
      }
    }
    const started = performance.now()
    await Promise.all(Array.from({ length: CALLERS }, (_, who) => caller(who)))
    const seconds = (performance.now() - started) / 1000
    const answers = counts.rows + counts.violations + counts.inserts + counts.transactions
    console.info(
      `${answers} answers in ${seconds.toFixed(1)} s (${(answers / seconds).toFixed(0)}/s)`,
      counts,
      `wrong: ${wrong.length}`,
    )
    expect(wrong.slice(0, 5)).toEqual([])
    expect(answers).toBe(perCaller * CALLERS)
    expect((await sql`select count(*)::int as n from report`)[0]!.n).toBe(counts.inserts + 1)
    await sql.end()
  }, 600_000)
})

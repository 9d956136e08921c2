import { RuleTester } from 'eslint'
import ts from 'typescript-eslint'
import { describe, it } from 'vitest'
import rule from './rules/tx-in-begin.js'

RuleTester.describe = describe
RuleTester.it = it
RuleTester.itOnly = it.only

const tester = new RuleTester({ languageOptions: { parser: ts.parser as never } })
const one = [{ messageId: 'pool' }]

tester.run('should keep the pool out of transactions', rule as never, {
  valid: [
    'await sql.begin(async (tx) => { await tx`select 1`; await save(tx, [1]) })',
    'await sql`select 1`; await sql.begin(async (tx) => tx`select 1`); await sql`select 2`',
    '// the transaction may bear the name of the pool that it hides\nawait sql.begin(async (sql) => { await sql`select 1` })',
    'await c.var.sql.begin((tx) => tx`select 1`); await c.var.sql`select 1`',
    'await sql.begin((tx) => tx.savepoint((point) => point`select 1`))',
    'await sql.begin(async (tx) => { const own: typeof sql | null = null; await tx`select ${own}` })',
    'animation.begin(() => draw(frame))',
  ],
  invalid: [
    { code: 'await sql.begin(async (tx) => { await sql`select 1` })', errors: one },
    { code: 'await sql.begin("isolation level serializable", async (tx) => { await sql`select 1` })', errors: one },
    { code: 'await sql.begin(async (tx) => { await save(sql, 1) })', errors: one },
    { code: 'await pool.begin(async (tx) => { await pool`select 1` })', errors: one },
    { code: 'await pool.begin(async (tx) => { await sql`select 1` })', errors: one },
    { code: 'await c.var.sql.begin(async (tx) => { await c.var.sql`select 1` })', errors: one },
    {
      code: 'const { sql } = c.var; await sql.begin(async (tx) => { for (const x of xs) await tx`a ${await sql`select 1`}` })',
      errors: one,
    },
    { code: 'await sql.begin((tx) => tx.savepoint(async (point) => { await tx`select 1` }))', errors: one },
  ],
})

/**
 * ESLint rule: inside `sql.begin(async (tx) => …)` only `tx` may be used. The embedded database is a single backend, so a query that goes to the
 * pool from within a transaction waits for that transaction, for ever; on a native server it silently runs outside of it.
 *
 * Seen as the pool: the variable whose `begin` is called, any variable called `sql`, and any property called `sql` (`c.var.sql`). What hides
 * behind a function that closes over the pool cannot be seen from here: queries take what they run on as an argument.
 */

const OPENERS = new Set(['begin', 'savepoint'])

/** The inline callback of `….begin(…)`, or null. */
function callbackOf(node) {
  if (node.callee.type !== 'MemberExpression' || node.callee.computed || !OPENERS.has(node.callee.property.name))
    return null
  const last = node.arguments.at(-1)
  return last && (last.type === 'ArrowFunctionExpression' || last.type === 'FunctionExpression') ? last : null
}

export default {
  meta: {
    type: 'problem',
    docs: { description: 'only the transaction is used inside of a transaction' },
    messages: {
      pool: '“{{name}}” is the pool: inside of begin() it waits for this very transaction, for ever. Use “{{tx}}”.',
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context
    /** Callbacks that we are in, with the name of their transaction. */
    const inside = []
    const report = (node, tx) =>
      context.report({ node, messageId: 'pool', data: { name: sourceCode.getText(node), tx } })
    return {
      CallExpression(node) {
        const callback = callbackOf(node)
        if (!callback) return
        const tx = callback.params[0]?.type === 'Identifier' ? callback.params[0].name : 'tx'
        inside.push({ callback, tx })
        const pool = node.callee.object.type === 'Identifier' ? node.callee.object.name : 'sql'
        for (const { identifier } of sourceCode.scopeManager.acquire(callback).through) {
          const isType = identifier.parent.type.startsWith('TS')
          if (!isType && (identifier.name === pool || identifier.name === 'sql')) report(identifier, tx)
        }
      },
      'CallExpression:exit'(node) {
        if (inside.at(-1)?.callback === node.arguments.at(-1)) inside.pop()
      },
      MemberExpression(node) {
        const last = inside.at(-1)
        if (!last || node.computed || node.property.name !== 'sql') return
        const [from, to] = last.callback.range
        if (node.range[0] >= from && node.range[1] <= to) report(node, last.tx)
      },
    }
  },
}

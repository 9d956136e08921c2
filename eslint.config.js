import js from '@eslint/js'
import globals from 'globals'
import ts from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import txInBegin from './tests/house/rules/tx-in-begin.js'

/** Folders know each other in one direction only: geo knows nobody, client never imports the server's code (its types it may). */
const walls = (name, patterns) => ({
  files: [`${name}/**/*.{ts,vue}`],
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
})

export default ts.config(
  { ignores: ['dist', 'data', 'node_modules', 'coverage', 'test-results'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  { languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/multi-word-component-names': 'off',
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'vuejs-accessibility/form-control-has-label': ['error', { labelComponents: ['FormField'] }],
    },
  },
  { plugins: { house: { rules: { 'tx-in-begin': txInBegin } } }, rules: { 'house/tx-in-begin': 'error' } },
  walls('geo', [
    {
      group: ['**/server/**', '**/client/**', 'node:*', 'hono*', 'vue*', 'postgres'],
      message: 'geo/ is pure: no I/O, no server, no screen.',
    },
  ]),
  {
    files: ['geo/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'fetch',
        'window',
        'document',
        'performance',
        'setTimeout',
        'setInterval',
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'geo/ has no clock: take the date as an argument.',
        },
        {
          selector: 'MemberExpression[object.name="Date"][property.name="now"]',
          message: 'geo/ has no clock: take the date as an argument.',
        },
        {
          selector: 'MemberExpression[object.name="Math"][property.name="random"]',
          message: 'geo/ is deterministic: take the chance as an argument.',
        },
      ],
    },
  },
  walls('client', [
    { group: ['**/server/**'], allowTypeImports: true, message: 'The client knows only the type of the server’s app.' },
  ]),
  walls('server', [{ group: ['**/client/**'], message: 'The server does not know the screens.' }]),
  {
    // The database's own folder speaks to the engine; everything else asks in its noun's queries.ts.
    files: ['server/**/*.ts'],
    ignores: ['server/**/queries.ts', 'server/database/**', 'server/health.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'TaggedTemplateExpression[tag.name=/^(sql|tx)$/], TaggedTemplateExpression[tag.property.name="sql"]',
          message: 'SQL stands in the noun’s queries.ts.',
        },
      ],
    },
  },
)

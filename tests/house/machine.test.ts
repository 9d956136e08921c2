import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { repositoryFiles, ROOT, textOf } from './files.ts'

const BINARY = /\.(png|jpe?g|webp|gif|ico|woff2?|ttf|pdf|docx|xlsx?|zip|wasm)$/i
/** Folders that are somebody's own on some machine. */
const SOMEBODYS = /(?<![\w./-])\/(home|Users|root|work|workspace)\/[\w.-]+/

it('should name no path of the machine that a file was made on', () => {
  const here = dirname(ROOT.replace(/\/$/, ''))
  const own = here.split('/').length > 2 ? here : ROOT.replace(/\/$/, '')
  const found = repositoryFiles()
    .filter((path) => !BINARY.test(path))
    .flatMap((path) =>
      textOf(path)
        .split('\n')
        .map((line, i) => ({ at: `${path}:${i + 1}`, line })),
    )
    .filter(({ line }) => SOMEBODYS.test(line) || line.includes(`${own}/`))
  expect(found.map(({ at, line }) => `${at} ${line.slice(0, 200)}`)).toEqual([])
})

/**
 * Puts town boundaries from a file into use: `npm run boundaries -- towns.geojson --kind official --source … --licence … --credit …`.
 * Talks to the running server: the embedded database lets only one process in, and the server knows at once what changed.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { BoundaryReport } from '../../geo/town/check.ts'
import { type FindingSeverity, findingWords } from '../../geo/town/finding.ts'
import { readEnvironment } from '../environment.ts'
import { readOperatorKey } from '../operator.ts'

const USAGE = `用法 / usage:
  npm run boundaries -- <file.geojson> --kind official|示意 --source <来源> --licence <许可> --credit <署名>
选项 / options:
  --check             只检查，不入库 / check only, store nothing
  --accept-warnings   有警告也入库 / store in spite of warnings
  --server <url>      服务地址，默认按 HOST 和 PORT / address of the server, by default from HOST and PORT
服务须正在运行（npm start）；管理口令取自环境变量 OPERATOR_KEY，没有设置时取自数据目录（DATA_DIR）中的 operator.key。
The server must be running (npm start); the operator key is OPERATOR_KEY of the environment, or else operator.key in the data folder (DATA_DIR).`

const MARKS: Record<FindingSeverity, string> = { error: '✗', warning: '!', note: '·' }

/** Ends the command with words for the person at the terminal. */
class Refusal extends Error {}

interface ProblemBody {
  title?: string
  params?: { report?: BoundaryReport }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kind: { type: 'string' },
      source: { type: 'string' },
      licence: { type: 'string' },
      credit: { type: 'string' },
      server: { type: 'string' },
      check: { type: 'boolean', default: false },
      'accept-warnings': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [path, ...others] = positionals
  if (values.help) return console.log(USAGE)
  if (!path || others.length > 0) throw new Refusal(USAGE)
  const missing = (['kind', 'source', 'licence', 'credit'] as const).filter((name) => !values[name])
  if (!values.check && missing.length > 0)
    throw new Refusal(`缺少 / missing: ${missing.map((name) => `--${name}`).join(' ')}\n\n${USAGE}`)

  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(
      error.code === 'ENOENT'
        ? `没有这个文件 / no such file: ${path}`
        : `读不了 / cannot read ${path}: ${error.message}`,
    )
  })
  const form = new FormData()
  form.set('file', new File([bytes], basename(path), { type: 'application/geo+json' }))
  for (const name of ['kind', 'source', 'licence', 'credit'] as const) if (values[name]) form.set(name, values[name])
  if (values['accept-warnings']) form.set('acceptWarnings', 'true')

  const environment = readEnvironment(process.env)
  const server = values.server ?? `http://${reachable(environment.host)}:${environment.port}`
  const answer = await post(
    server,
    values.check ? '/api/towns/boundaries/check' : '/api/towns/boundaries',
    form,
    environment.operatorKey ?? (await readOperatorKey(environment.dataDir)),
  )
  if (values.check) return printReport(answer as BoundaryReport)
  const { id, report } = answer as { id: number; report: BoundaryReport }
  printReport(report)
  console.log(
    `\n已启用第 ${id} 套边界；原有边界保留，可在“街镇边界”页恢复 / set ${id} is in use; the one before is kept and can be restored.`,
  )
}

/** An address to call for one to listen on: "all addresses" is none. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

async function post(server: string, path: string, body: FormData, key: string | null): Promise<unknown> {
  const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {}
  const response = await fetch(new URL(path, server), { method: 'POST', body, headers }).catch(() => {
    throw new Refusal(
      `服务没有运行 / the server is not running at ${server}\n请先 npm start（或用 --server 指定地址）/ start it with npm start, or name its address with --server`,
    )
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer
  const problem = (answer ?? {}) as ProblemBody
  if (problem.params?.report) printReport(problem.params.report)
  throw new Refusal(`\n${problem.title ?? `HTTP ${response.status}`}`)
}

function printReport(report: BoundaryReport): void {
  const names = new Map(report.towns.map(({ code, name }) => [code, name]))
  const figure = (km2: number | null) => (km2 === null ? '—' : km2.toFixed(2)).padStart(9)
  console.log('     km²    原/before  公布/published')
  for (const { name, areaKm2, beforeKm2, publishedKm2 } of report.towns) {
    console.log(`${figure(areaKm2)} ${figure(beforeKm2)} ${figure(publishedKm2)}   ${name}`)
  }
  console.log(`${figure(report.areaKm2)}   合计 / together`)
  for (const found of report.findings) {
    const towns = found.towns.map((code) => names.get(code) ?? code).join('、')
    const at = found.at ? `  @ ${found.at.map((degrees) => degrees.toFixed(5)).join(', ')}` : ''
    console.log(
      `${MARKS[found.severity]} ${towns && `${towns}: `}${findingWords(found, 'zh-CN')} / ${findingWords(found, 'en')}${at}`,
    )
  }
  console.log(`${report.errors} 个错误 / errors, ${report.warnings} 个警告 / warnings`)
}

await main().catch((error: unknown) => {
  const known = error instanceof Refusal || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(known ? (error as Error).message : error)
  process.exitCode = 1
})

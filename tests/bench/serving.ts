/** What serving costs: the API's answers against a bare server that hands out the same bytes from memory, both in processes of their own. */
import { spawn } from 'node:child_process'
import { Agent, get } from 'node:http'
import { compare, type Comparison } from './measure.ts'

const PATHS = [
  '/api/towns',
  '/api/plans/2023/tasks',
  '/api/plans/2023/progress',
  '/api/plans/2023/lights?asOf=2023-09-30',
]
/** Requests under way at once, as browsers do it. */
const CALLERS = 8

/** A server with nothing in it: one body, one set of headers. */
const BARE = `
  const chunks = []
  process.stdin.on('data', (bytes) => chunks.push(bytes)).on('end', () => {
    const [line, body] = [0, 1].map((i) => { const all = Buffer.concat(chunks); const at = all.indexOf(10); return i ? all.subarray(at + 1) : all.subarray(0, at) })
    const headers = { ...JSON.parse(line), 'content-length': body.length }
    require('node:http').createServer((_, response) => response.writeHead(200, headers).end(body))
      .listen(0, '127.0.0.1', function () { process.stdout.write(this.address().port + '\\n') })
  })`

async function bareServer(
  body: Buffer,
  headers: Record<string, string>,
): Promise<{ address: string; stop: () => void }> {
  const child = spawn(process.execPath, ['-e', BARE], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(Buffer.concat([Buffer.from(JSON.stringify(headers) + '\n'), body]))
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (bytes) => resolve(String(bytes).trim())),
  )
  return { address: `http://127.0.0.1:${port}/`, stop: () => child.kill() }
}

const agent = new Agent({ keepAlive: true, maxSockets: CALLERS })

function fetchOnce(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (bytes: Buffer) => chunks.push(bytes))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    }).on('error', reject)
  })
}

const together = (url: string, headers: Record<string, string>) =>
  Promise.all(Array.from({ length: CALLERS }, () => fetchOnce(url, headers)))

/**
 * @param address of a running server with the demonstration year
 */
export async function serving(address: string): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const path of PATHS) {
    const url = address + path
    const zip = { 'accept-encoding': 'gzip' }
    const { status, headers, body } = await fetchOnce(url, zip)
    if (status !== 200) throw new Error(`${path} answers ${status}: ${body.subarray(0, 300)}`)
    const kept = Object.fromEntries(
      ['content-type', 'content-encoding', 'etag'].flatMap((name) =>
        headers[name] ? [[name, String(headers[name])]] : [],
      ),
    )
    const bare = await bareServer(body, kept)
    const size = `${(body.length / 1024).toFixed(0)} kB`
    comparisons.push(
      await compare(
        `GET ${path} × ${CALLERS}`,
        { label: size, run: () => together(url, zip) },
        { label: `bare server, ${size}`, run: () => together(bare.address, zip) },
      ),
    )
    if (kept.etag) {
      const known = { ...zip, 'if-none-match': kept.etag }
      const again = await fetchOnce(url, known)
      if (again.status !== 304) throw new Error(`${path} answers ${again.status} where nothing has changed`)
      comparisons.push(
        await compare(
          `GET ${path} × ${CALLERS}`,
          { label: '304', run: () => together(url, known) },
          { label: `bare server, ${size}`, run: () => together(bare.address, zip) },
        ),
      )
    }
    bare.stop()
  }
  agent.destroy()
  return comparisons
}

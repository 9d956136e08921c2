/**
 * Turns a C++ exception into an ordinary error of PostgreSQL.
 *
 * GEOS throws on many a broken polygon (a bow tie is enough) and counts on its C interface to catch. In this build nothing
 * catches: emscripten compiled every `catch` away. The exception flies on as a JavaScript number until a frame of PostgreSQL
 * that expects its own errors stops it and takes it for a plain return: no rows, no error, "0 affected".
 *
 * So the function that throws (`__cxa_throw`, which JavaScript provides) raises an ERROR with the exception's text instead, the way
 * PostGIS raises its own: errstart, errfinish, which jumps to PostgreSQL's nearest handler. For PostgreSQL it is an error like
 * any other, also within functions, savepoints and EXCEPTION blocks; GEOS' few bytes stay lost.
 */
import type { Extension, PGliteInterface } from '@electric-sql/pglite'

/** The exported functions of the engine with which an error is raised. */
type Raising = {
  _errstart(level: number, domain: number): number
  _errmsg_internal(format: number, values: number): number
  _errfinish(file: number, line: number, routine: number): void
  stringToUTF8OnStack(text: string): number
}
type Imports = {
  env: {
    __cxa_throw: (exception: number, type: number, destructor: number) => void
    __indirect_function_table: WebAssembly.Table
    memory: WebAssembly.Memory
  }
}
type Options = { instantiateWasm: (imports: Imports, done: unknown) => unknown }

const ERROR_LEVEL = 21

/** An extension of PGlite that makes C++ exceptions errors. */
export const raisingThrows: Extension = {
  name: 'raising-throws',
  async setup(database: PGliteInterface, emscriptenOpts: Options) {
    const { instantiateWasm } = emscriptenOpts
    emscriptenOpts.instantiateWasm = (imports, done) => {
      imports.env.__cxa_throw = (exception) => {
        const engine = (database as unknown as { Module: Raising }).Module
        const text = `geometry engine: ${what(exception, imports)}`.replaceAll('%', '%%').slice(0, 2000)
        engine._errstart(ERROR_LEVEL, 0)
        engine._errmsg_internal(engine.stringToUTF8OnStack(text), 0)
        engine._errfinish(0, 0, 0)
        throw new Error(text)
      }
      return instantiateWasm(imports, done)
    }
    return { emscriptenOpts }
  },
}

/** The text of a std::exception: `what()` is the third entry of its table of virtual functions. */
function what(exception: number, { env }: Imports): string {
  try {
    const words = new Uint32Array(env.memory.buffer)
    const call = env.__indirect_function_table.get(words[words[exception >> 2]! / 4 + 2]!) as (self: number) => number
    const bytes = new Uint8Array(env.memory.buffer)
    const start = call(exception)
    return Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString('utf8')
  } catch {
    return 'C++ exception'
  }
}

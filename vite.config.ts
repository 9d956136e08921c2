import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

/** Where `npm run dev` finds the API; the server tells it through the environment. */
const api = process.env.XIANGTU_API ?? 'http://127.0.0.1:8080'

/** On the map's code quality 11 takes 1.4 s and saves 9 % against the 0.1 s of this one: too much to wait for at each first start. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

/** Writes `.br` and `.gz` beside each script and style, once at build, for the server to send as they are. Fonts are compressed already. */
function precompress(): Plugin {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir, config.build.assetsDir)
    },
    async closeBundle() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(js|mjs|css|svg|json)$/.test(name))
      await Promise.all(
        names.map(async (name) => {
          const file = join(folder, name)
          const bytes = await readFile(file)
          await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
          await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, BROTLI))
        }),
      )
    },
  }
}

export default defineConfig({
  root: 'client',
  plugins: [vue(), precompress()],
  // vue-i18n: neither its old API nor its devtools are used.
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  // With the slash: /api.ts is ours.
  server: { proxy: { '^/api/': api, '/healthz': api, '/readyz': api } },
})

/** LibreOffice, the other opinion on office files: it opens what is written here, and says what it read. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { FONT_FILES } from '../../server/snapshot/fonts.ts'

/** Where the program is; null: not here. */
export function findSoffice(): string | null {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'soffice')).find((path) => existsSync(path)) ?? null
}

/** Files as LibreOffice writes them again in another format, by the names given; in one go, because starting it takes the most time. */
export function convertByOffice(files: Record<string, Uint8Array>, to: string): Record<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'xiangtu-office-'))
  try {
    const sources = Object.entries(files).map(([name, bytes]) => {
      const path = join(folder, name)
      writeFileSync(path, bytes)
      return path
    })
    const out = join(folder, 'out')
    // A profile of its own: two of them on one would be one too many.
    execFileSync(findSoffice()!, [`-env:UserInstallation=file://${join(folder, 'profile')}`, '--headless', '--convert-to', to, '--outdir', out, ...sources], {
      stdio: 'pipe',
      timeout: 240_000,
      env: { ...process.env, FONTCONFIG_FILE: fontsIn(folder) },
    })
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** An office's machine has 微软雅黑; here the typeface that pages are measured in stands for it. */
function fontsIn(folder: string): string {
  const folders = Object.values(FONT_FILES).map((file) => `<dir>${dirname(file)}</dir>`)
  const path = join(folder, 'fonts.conf')
  writeFileSync(
    path,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join('')}<dir>/usr/share/fonts</dir><cachedir>${join(folder, 'fonts')}</cachedir>
<alias binding="same"><family>Microsoft YaHei</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>`,
  )
  return path
}

/** Office files as pages: opened by LibreOffice, where it is installed, as an office would. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FONT_FILES } from '../../server/snapshot/fonts.ts'

export function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What pages an office file has: their words, and their pictures (PPM) where a resolution is given. Null: there is no LibreOffice here. */
export function openedByOffice(bytes: Uint8Array, extension: string, dpi?: number): { pages: number; words: string; pictures: Uint8Array[] } | null {
  if (!has('soffice') || !has('pdftotext')) return null
  const folder = mkdtempSync(join(tmpdir(), 'xiangtu-office-'))
  try {
    writeFileSync(join(folder, `file.${extension}`), bytes)
    writeFileSync(join(folder, 'fonts.conf'), fontsOf(folder))
    // A profile of its own: two at once would wait for each other.
    execFileSync('soffice', [`-env:UserInstallation=file://${join(folder, 'profile')}`, '--headless', '--convert-to', 'pdf', '--outdir', folder, join(folder, `file.${extension}`)], {
      stdio: 'ignore',
      timeout: 240_000,
      env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    })
    const pdf = join(folder, 'file.pdf')
    const pages = Number(/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [pdf], { encoding: 'utf8' }))![1])
    const words = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })
    if (dpi) execFileSync('pdftoppm', ['-r', String(dpi), pdf, join(folder, 'page')])
    const pictures = readdirSync(folder).filter((name) => name.endsWith('.ppm')).sort().map((name) => new Uint8Array(readFileSync(join(folder, name))))
    return { pages, words, pictures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An office's machine has 微软雅黑; here the typeface that pages are measured in stands for it. */
function fontsOf(folder: string): string {
  const folders = Object.values(FONT_FILES).map((file) => `<dir>${dirname(file)}</dir>`)
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join('')}<dir>/usr/share/fonts</dir><cachedir>${join(folder, 'fonts')}</cachedir>
    <alias binding="same"><family>Microsoft YaHei</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>`
}

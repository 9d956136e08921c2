import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'

export type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
export const { OPS, Util, PasswordException } = pdfjs

/** How paths are written in the library's operator list; it does not export the table (src/shared/util.js). */
export const DrawOPS = { moveTo: 0, lineTo: 1, curveTo: 2, quadraticCurveTo: 3, closePath: 4 } as const

const folder = dirname(dirname(dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')))))

/** Opens a PDF without anything but its bytes: no network, no scripts, no system fonts; character maps for Chinese fonts from disk. */
export function loadPdf(bytes: Uint8Array): { document: Promise<PDFDocumentProxy>; close: () => Promise<void> } {
  const task = pdfjs.getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: join(folder, 'cmaps') + sep,
    cMapPacked: true,
    standardFontDataUrl: join(folder, 'standard_fonts') + sep,
    wasmUrl: join(folder, 'wasm') + sep,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    stopAtErrors: false,
    enableXfa: false,
    maxImageSize: 16 * 1024 * 1024,
    verbosity: 0,
  })
  return { document: task.promise, close: () => task.destroy() }
}

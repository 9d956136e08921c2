import type { SourceBlock } from '../../../geo/task-list/source.ts'
import { damaged, DoorError } from './error.ts'
import { LIMITS } from './limits.ts'
import { pageBlocks } from './pdf-layout.ts'
import { loadPdf, PasswordException, type PDFDocumentProxy } from './pdf-library.ts'
import { pieces, rulings, type PageContent } from './pdf-page.ts'

/** A PDF's paragraphs and tables. Throws `file-encrypted`, `pdf-without-text`, `file-too-large` and `file-damaged`. */
export async function readPdf(bytes: Uint8Array): Promise<SourceBlock[]> {
  const { document, close } = loadPdf(bytes)
  try {
    return pageBlocks(await readPages(await document))
  } catch (error) {
    if (error instanceof PasswordException) throw new DoorError('file-encrypted', { format: 'pdf' })
    throw damaged('pdf', error)
  } finally {
    await close().catch(() => {})
  }
}

async function readPages(document: PDFDocumentProxy): Promise<PageContent[]> {
  if (document.numPages > LIMITS.pages) throw new DoorError('file-too-long', { what: 'pages', limit: LIMITS.pages })
  const proxies = []
  for (let number = 1; number <= document.numPages; number++) proxies.push(await document.getPage(number))
  const texts = []
  for (const proxy of proxies) texts.push(await pieces(proxy))
  // A scan may carry a stamp or a page number as text.
  if (texts.flat().reduce((sum, { text }) => sum + text.length, 0) < 10 * Math.min(document.numPages, 3)) {
    throw new DoorError('pdf-without-text', { pages: document.numPages })
  }
  const pages: PageContent[] = []
  for (const [i, proxy] of proxies.entries()) {
    const lines = await rulings(proxy)
    pages.push({ number: i + 1, height: proxy.getViewport({ scale: 1 }).height, pieces: texts[i]!, ...lines })
    proxy.cleanup()
  }
  return pages
}

import { describe, expect, it } from 'vitest'
import { wholeCharacters } from '../../../../server/task-list/doors/pdf-radicals.ts'
import { open, refusal, sketch } from './open.ts'
import { pdf, Sheet } from './pdf-by-hand.ts'

const HEAD = ['类别', '序号', '任务', '完成时间']
const XS = [50, 150, 200, 400, 500]

/** A table with stroked lines, rows 30 points high; the first column's first two body rows are one cell. */
function ruled(
  top = 100,
  rows: string[][] = [HEAD, ['（一）粮食', '1', '稳定粮食生产', '12月底'], ['', '2', '秸秆综合利用', '6月底']],
): Sheet {
  const sheet = new Sheet()
  const bottom = top + 30 * rows.length
  for (const x of XS) sheet.line(x, top, x, bottom)
  for (let i = 0; i <= rows.length; i++) {
    sheet.line(i === 2 ? XS[1]! : XS[0]!, top + 30 * i, XS[4]!, top + 30 * i)
  }
  rows.forEach((cells, y) => cells.forEach((text, x) => text !== '' && sheet.text(XS[x]! + 5, top + 30 * y + 18, text)))
  return sheet
}

const ROWS = ['类别 | 序号 | 任务 | 完成时间', '（一）粮食 | 1 | 稳定粮食生产 | 12月底', '↑ | 2 | 秸秆综合利用 | 6月底']

describe('a PDF', () => {
  it('should be read from stroked lines and fonts that are not embedded', async () => {
    expect(sketch(await open('a.pdf', pdf([ruled().text(300, 60, '二〇二三年任务清单')])))).toEqual([
      '# 二〇二三年任务清单',
      ...ROWS,
    ])
  })

  it('should be read from boxes around cells, cell by cell', async () => {
    const sheet = new Sheet()
    const rows = [HEAD, ['（一）', '1', '稳定粮食生产', '12月底']]
    rows.forEach((cells, y) =>
      cells.forEach((text, x) =>
        sheet.box(XS[x]!, 100 + 30 * y, XS[x + 1]! - XS[x]!, 30).text(XS[x]! + 5, 118 + 30 * y, text),
      ),
    )
    expect(sketch(await open('a.pdf', pdf([sheet])))).toEqual(rows.map((cells) => cells.join(' | ')))
  })

  it('should be read through scaled and moved drawing and on a turned page', async () => {
    const inner = ruled().content()
    const scaled = new Sheet().raw(`q 0.5 0 0 0.5 20 200 cm\n${inner}\nQ`)
    expect(sketch(await open('a.pdf', pdf([scaled])))).toEqual(ROWS)
    // Drawn lying on its side, on a page that viewers turn by 90°.
    const turned = new Sheet().raw(`q 0 1 -1 0 700 0 cm\n${inner}\nQ`)
    expect(sketch(await open('a.pdf', pdf([turned], '', [], '/Rotate 90')))).toEqual(ROWS)
  })

  it('should drop page numbers in all usual spellings and running heads after the first', async () => {
    const feet = ['- 1 -', '第 2 页 共 4 页', '3/4', '— 4 —']
    const sheets = feet.map((foot) => ruled().text(300, 30, '青浦区任务清单').text(400, 580, foot))
    const document = await open('a.pdf', pdf(sheets))
    expect(sketch(document)).toEqual(['# 青浦区任务清单', ...ROWS, ...ROWS, ...ROWS, ...ROWS])
    expect(document.blocks.map(({ page }) => page)).toEqual([1, 1, 2, 3, 4])
  })

  it('should join wrapped lines without spaces and keep lines that were ended on purpose', async () => {
    const sheet = ruled(100, [HEAD, ['', '1', '', '']])
    sheet.text(205, 142, '组织开展秸秆综合利用工作，全年秸秆综合').text(205, 153, '利用率不低于 98%')
    sheet.text(405, 142, '赵巷镇').text(405, 153, '徐泾镇')
    const rows = sketch(await open('a.pdf', pdf([sheet])))
    expect(rows[1]).toBe(' | 1 | 组织开展秸秆综合利用工作，全年秸秆综合利用率不低于 98% | 赵巷镇\n徐泾镇')
  })

  it('should not invent spaces in justified lines', async () => {
    const sheet = ruled(100, [HEAD, ['', '1', '', '']])
    ;[...'稳定粮食生产'].forEach((character, i) => sheet.text(205 + i * 13, 148, character))
    expect(sketch(await open('a.pdf', pdf([sheet])))[1]).toBe(' | 1 | 稳定粮食生产 | ')
  })

  it('should write characters where the file has radicals', () => {
    expect(wholeCharacters('⻘浦区农⺠⽣产⻓江⻄片，Ａ（一）')).toBe('青浦区农民生产长江西片，Ａ（一）')
  })

  it('should be refused with a clear reason where it cannot be read', async () => {
    expect(await refusal('a.pdf', pdf([new Sheet()]))).toBe('pdf-without-text')
    const scan = new Sheet()
      .raw('q 800 0 0 500 20 20 cm BI /W 2 /H 2 /CS /G /BPC 8 ID abcd EI Q')
      .text(400, 580, '- 1 -')
    expect(await refusal('a.pdf', pdf([scan]))).toBe('pdf-without-text')
    const locked = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${'12'.repeat(32)}> /U <${'34'.repeat(32)}> /P -4 >> /ID [<${'ab'.repeat(16)}> <${'ab'.repeat(16)}>]`
    expect(await refusal('a.pdf', pdf([ruled()], locked))).toBe('file-encrypted')
    expect(
      await refusal('a.pdf', pdf([new Sheet().text(50, 100, '关于印发乡村振兴重点任务清单的通知，请认真贯彻落实。')])),
    ).toBe('table-missing')
    expect(await refusal('a.pdf', '%PDF-1.7\nnothing more')).toBe('file-damaged')
  })
})

import exceljs from 'exceljs'
import { read, utils, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { open, refusal, sketch } from './open.ts'

const xlsxOf = async (fill: (book: exceljs.Workbook) => void) => {
  const book = new exceljs.Workbook()
  fill(book)
  return new Uint8Array(await book.xlsx.writeBuffer())
}

describe('a workbook', () => {
  it('should give numbers, dates and rich text as they are shown', async () => {
    const bytes = await xlsxOf((book) => {
      const sheet = book.addWorksheet('清单')
      sheet.addRow(['任务', '面积', '比例', '日期', '编号'])
      sheet.addRow([
        { richText: [{ text: '粮食' }, { text: '生产\n第二行', font: { bold: true } }] },
        1234567.5,
        0.85,
        new Date(Date.UTC(2023, 9, 31)),
        7,
      ])
      sheet.getCell('B2').numFmt = '#,##0.00'
      sheet.getCell('C2').numFmt = '0%'
      sheet.getCell('D2').numFmt = 'yyyy"年"m"月"d"日"'
      sheet.getCell('E2').numFmt = '000'
      sheet.addRow([{ formula: 'A2', result: '算出' }, 0.1 + 0.2, 167700, new Date(Date.UTC(2023, 9, 31)), true])
      sheet.getCell('D3').numFmt = 'mm-dd-yy'
    })
    const rows = [
      '任务 | 面积 | 比例 | 日期 | 编号',
      '粮食生产\n第二行 | 1,234,567.50 | 85% | 2023年10月31日 | 007',
      '算出 | 0.3 | 167700 | 2023/10/31 | TRUE',
    ]
    expect(sketch(await open('a.xlsx', bytes))).toEqual(rows)
    const xls = write(read(bytes, { type: 'buffer', cellNF: true }), {
      type: 'buffer',
      bookType: 'biff8',
      bookSST: true,
    }) as Uint8Array
    expect(sketch(await open('a.xls', xls))).toEqual(rows)
  })

  it('should leave out hidden sheets, read hidden rows, name the sheets and not believe their extent', async () => {
    const bytes = await xlsxOf((book) => {
      const sheet = book.addWorksheet('第一')
      sheet.addRow([])
      sheet.addRow([null, null, '类别', '任务'])
      sheet.addRow([null, null, '甲', '乙']).hidden = true
      sheet.getCell('Z5000').value = null
      sheet.getCell('XFD3').font = { bold: true }
      book.addWorksheet('旧').addRows([['旧', '表']])
      book.getWorksheet('旧')!.state = 'hidden'
      book.addWorksheet('第二').addRows([['a', 'b']])
    })
    const document = await open('a.xlsx', bytes)
    expect(sketch(document)).toEqual(['类别 | 任务', '甲 | 乙', 'a | b'])
    expect(document.blocks.map(({ sheet }) => sheet)).toEqual(['第一', '第二'])
  })

  it('should read the XML of Excel 2003 under the name of .xls', async () => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet([['类别', '任务'], ['甲', '乙']]), '清单') // prettier-ignore
    const document = await open('a.xls', write(book, { type: 'buffer', bookType: 'xlml' }) as Uint8Array)
    expect(document.format).toBe('xls')
    expect(sketch(document)).toEqual(['类别 | 任务', '甲 | 乙'])
  })
})

describe('separated values', () => {
  it('should keep quotes, line breaks and separators inside quoted cells', async () => {
    const rows = await open('a.csv', '清单,,\r\n类别,序号,任务\r\n"(一)""粮食""",1,"甲,\r\n乙"\r\n,2,5\'10" 高\r\n')
    expect(sketch(rows)).toEqual(['# 清单', '类别 | 序号 | 任务', '(一)"粮食" | 1 | 甲,\n乙', ' | 2 | 5\'10" 高'])
    expect(sketch(await open('a.csv', 'sep=|\na|b\n1|2\n'))).toEqual(['a | b', '1 | 2'])
    expect(sketch(await open('a.csv', '名称,数\n"未闭合,1\n乙,2\n'))).toEqual(['名称 | 数', '"未闭合 | 1', '乙 | 2'])
  })

  it('should not take the commas of a text apart by tabs, whatever its name', async () => {
    const document = await open('a.csv', '类别\t序号\t要求\n甲\t1\ta, b, c\n乙\t2\td, e, f\n')
    expect(sketch(document)).toEqual(['类别 | 序号 | 要求', '甲 | 1 | a, b, c', '乙 | 2 | d, e, f'])
  })
})

describe('tables with pipes', () => {
  it('should keep escaped pipes, break at <br>, decode entities, drop strong marks and keep the asterisk of a lead', async () => {
    const text =
      '# 清单\n\n说明。\n\n| 类别 | 部门 |\n|:--|--:|\n| **(一)** a\\|b<br/>c | *区农业农村委、区水务局 |\n| &lt;5%&nbsp;以内 | `x` |\n\n注：完。\n'
    const document = await open('a.md', text)
    expect(document.format).toBe('markdown')
    expect(sketch(document)).toEqual([
      '# 清单',
      '# 说明。',
      '类别 | 部门',
      '(一) a|b\nc | *区农业农村委、区水务局',
      '<5%\u00a0以内 | `x`',
      '# 注：完。',
    ])
  })

  it('should read tables without edges, with an empty first cell, without an alignment row, and torn by line breaks', async () => {
    expect(sketch(await open('a.md', '类别 | 序号 | 任务\n---|---|---\n甲 | 1 | a\n | 2 | b\n'))).toEqual([
      '类别 | 序号 | 任务',
      '甲 | 1 | a',
      ' | 2 | b',
    ])
    expect(sketch(await open('a.txt', '|类别|序号|任务|\n|甲|1|a|\n||2|b|\n'))).toEqual([
      '类别 | 序号 | 任务',
      '甲 | 1 | a',
      ' | 2 | b',
    ])
    expect(sketch(await open('a.txt', '|类别|序号|任务|\n|---|---|---|\n|甲\n乙|1|a|\n|丙|2|b|\n'))).toEqual([
      '类别 | 序号 | 任务',
      '甲\n乙 | 1 | a',
      '丙 | 2 | b',
    ])
  })
})

describe('a web page', () => {
  it('should give the table with its reach, break lines where a browser does, and leave out what is not shown', async () => {
    const page = `<!-- x --><!DOCTYPE html><html><head><title>t</title><style>p{}</style></head><body><div>首页 <a>导航</a></div><h1>任务清单</h1>
      <table><caption>附件</caption><thead><tr><th>类别</th><th>序号</th><th colspan="2">任务</th></tr></thead>
      <tr style="display:none"><td>隐</td></tr>
      <tr><td rowspan="2">（一）</td><td>1</td><td><p>甲</p><p>乙&lt;5%</p></td><td>丙<br>丁</td></tr>
      <tr><td>2</td><td>  多
      空白 </td><td></td></tr></table><script>var a = '<table>'</script><p>尾</p></body></html>`
    expect(sketch(await open('a.html', page))).toEqual([
      '# 首页 导航', '# 任务清单', '# 附件', '类别 | 序号 | 任务 | ←', '（一） | 1 | 甲\n乙<5% | 丙\n丁', '↑ | 2 | 多 空白 | ', '# 尾',
    ]) // prettier-ignore
  })

  it('should look through tables that lay out a page, and survive spans beyond reason', async () => {
    const page =
      '<table><tr><td>左</td><td><table><tr><td>a<td>b<tr><td rowspan=99999>1<td>2<tr><td>3</table></td></tr></table>'
    expect(sketch(await open('a.htm', page))).toEqual(['# 左', 'a | b', '1 | 2', '↑ | 3'])
    const wide = `<table>${'<tr><td rowspan=65534 colspan=1000>x</td></tr>'.repeat(2000)}</table>`
    expect(await refusal('a.html', wide)).toBe('file-too-long')
  })
})

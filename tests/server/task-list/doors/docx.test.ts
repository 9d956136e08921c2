import { describe, expect, it } from 'vitest'
import { pack } from '../../../../server/task-list/doors/zip.ts'
import { writeNumber } from '../../../../server/task-list/doors/docx-numbering.ts'
import { bytesOf, open, sketch } from './open.ts'

const W =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

/** A Word file of this body, with further parts. */
function docx(body: string, parts: Record<string, string> = {}): Uint8Array {
  const types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
  const all = {
    '[Content_Types].xml': types,
    'word/document.xml': `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`,
    ...parts,
  }
  return pack(new Map(Object.entries(all).map(([name, text]) => [name, bytesOf(text)])))
}

const p = (text: string, properties = '') =>
  `<w:p>${properties && `<w:pPr>${properties}</w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`
const tc = (content: string, properties = '') =>
  `<w:tc><w:tcPr>${properties}</w:tcPr>${content.startsWith('<') ? content : p(content)}</w:tc>`
const tr = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`
const tbl = (...rows: string[]) => `<w:tbl><w:tblPr/><w:tblGrid/>${rows.join('')}</w:tbl>`
const DOWN = '<w:vMerge w:val="restart"/>'
const ON = '<w:vMerge/>'

describe('a Word file', () => {
  it('should give cells merged downwards, sideways and both', async () => {
    const body = tbl(
      tr(tc('a'), tc('b'), tc('c')),
      tr(tc('甲', DOWN), tc('1'), tc('x')),
      tr(tc('hidden', ON), tc('宽', '<w:gridSpan w:val="2"/>')),
      tr(tc('乙', `<w:gridSpan w:val="2"/>${DOWN}`), tc('y')),
      tr(tc('', `<w:gridSpan w:val="2"/>${ON}`), tc('z')),
      tr(tc('孤', ON.replace('/>', ' w:val="continue"/>')), tc('2'), tc('w')),
    )
    expect(sketch(await open('a.docx', docx(body)))).toEqual([
      'a | b | c',
      '甲 | 1 | x',
      '↑ | 宽 | ←',
      '乙 | ← | y',
      '↑ | ↑ | z',
      '↑ | 2 | w',
    ])
  })

  it('should count automatic numbers, which are no text in the file', async () => {
    const numbering = `<w:numbering ${W}>
      <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%1）"/></w:lvl></w:abstractNum>
      <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="9"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>`
    const styles = `<w:styles ${W}><w:style w:type="paragraph" w:styleId="序号"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style></w:styles>`
    const num = (id: number, level = 0) => `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr>`
    const auto = tc(p('', '<w:pStyle w:val="序号"/>'))
    const body = tbl(
      tr(tc('类别'), tc('序号'), tc('任务')),
      tr(tc(p('粮食', num(1)), DOWN), auto, tc('甲')),
      tr(tc('', ON), auto, tc(p('乙', num(2, 1)))),
      tr(tc(p('水产', num(1))), auto, tc('丙')),
    )
    const rows = sketch(
      await open('a.docx', docx(body, { 'word/numbering.xml': numbering, 'word/styles.xml': styles })),
    )
    expect(rows).toEqual(['类别 | 序号 | 任务', '（一） 粮食 | 9 | 甲', '↑ | 10 | 10.1 乙', '（二） 水产 | 11 | 丙'])
  })

  it('should write numbers in the ways that lists use', () => {
    const written = [1, 10, 11, 20, 105, 1010].map((value) => writeNumber(value, 'chineseCounting'))
    expect(written).toEqual(['一', '十', '十一', '二十', '一百零五', '一千零一十'])
    expect(['decimalEnclosedCircle', 'upperRoman', 'lowerLetter', 'decimalZero', 'decimalFullWidth', 'ideographTraditional', 'none'].map((format) => writeNumber(4, format))).toEqual(['④', 'IV', 'd', '04', '４', '丁', '']) // prettier-ignore
  })

  it('should take what is shown: insertions, results of fields, breaks; not deletions, hidden text, instructions', async () => {
    const run = (inner: string) => `<w:r>${inner}</w:r>`
    const cellOf = (...runs: string[]) => tc(`<w:p>${runs.join('')}</w:p>`)
    const t = (text: string) => `<w:t>${text}</w:t>`
    const body = tbl(
      tr(tc('a'), tc('b')),
      tr(
        cellOf(
          run(t('留')),
          `<w:ins>${run(t('增'))}</w:ins>`,
          `<w:del>${run('<w:delText>删</w:delText>')}</w:del>`,
          run(`<w:rPr><w:vanish/></w:rPr>${t('隐')}`),
        ),
        cellOf(
          run('<w:fldChar w:fldCharType="begin"/>'),
          run('<w:instrText>PAGE</w:instrText>'),
          run('<w:fldChar w:fldCharType="separate"/>'),
          run(t('7')),
          run('<w:fldChar w:fldCharType="end"/>'),
        ),
      ),
      tr(tc(p('一行') + p('二行')), cellOf(run(`${t('甲')}<w:br/>${t('乙')}<w:noBreakHyphen/>${t('丙')}`))),
      `<w:sdt><w:sdtContent>${tr(tc('控件'), tc('内容'))}</w:sdtContent></w:sdt>`,
      `<w:tr><w:trPr><w:del/></w:trPr>${tc('删行')}${tc('x')}</w:tr>`,
    )
    expect(sketch(await open('a.docx', docx(body)))).toEqual([
      'a | b',
      '留增 | 7',
      '一行\n二行 | 甲\n乙-丙',
      '控件 | 内容',
    ])
  })

  it('should look through a frame around the table, and keep a table inside a cell as lines', async () => {
    const inner = tbl(tr(tc('a'), tc('b')), tr(tc(tbl(tr(tc('内'), tc('表'))) + p('')), tc('c')))
    expect(sketch(await open('a.docx', docx(p('标题') + tbl(tr(tc(inner + p(''))))))))
      .toEqual(['# 标题', 'a | b', '内 表 | c']) // prettier-ignore
  })
})

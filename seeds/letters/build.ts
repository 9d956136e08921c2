/**
 * Draws up the templates of letters that the product comes with: `node seeds/letters/build.ts` writes the .docx files beside it. Laid out as
 * GB/T 9704 has official documents: A4, text 156 × 225 mm, 小标宋 for titles, 仿宋 of size 三号 with 28 characters in 22 lines, page numbers
 * with a dash on either side. Fonts are named and not brought along: every office has them, and where they lack, others step in.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
  type IParagraphOptions,
  type IRunOptions,
} from 'docx'
import type { LetterKind } from '../../geo/letter/letter.ts'

const TITLE = '方正小标宋简体'
const BODY = '仿宋_GB2312'
const HEAD = '黑体'
const SUB = '楷体_GB2312'
const RED = 'D7000F'
const PURPLE = '7A4B8C'
/** Half points: 二号 22, 三号 16, 四号 14, 小四 12. */
const [SECOND, THIRD, FOURTH, SMALL] = [44, 32, 28, 24]
/** Twentieths of a point: 22 lines on 225 mm. */
const LINE = 579
const MM = 56.7
const mm = (n: number) => Math.round(n * MM)

const font = (name: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia: name })
const run = (text: string, more: IRunOptions = {}) => new TextRun({ text, font: font(BODY), size: THIRD, ...more })
const exact = { line: LINE, lineRule: LineRuleType.EXACT }

const paragraph = (text: string, more: Partial<IParagraphOptions> = {}, look: IRunOptions = {}) => new Paragraph({ spacing: exact, ...more, children: [run(text, look)] })
/** Two characters in, as every paragraph of a letter is. */
const body = (text: string, look: IRunOptions = {}) => paragraph(text, { indent: { firstLine: 640 }, alignment: AlignmentType.JUSTIFIED }, look)
const heading = (text: string) => paragraph(text, { indent: { firstLine: 640 }, keepNext: true }, { font: font(HEAD) })
/** In lines that end where the sense does. */
const title = (...lines: string[]) =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { line: 700, lineRule: LineRuleType.EXACT, after: 280 },
    children: lines.map((text, i) => run(text, { font: font(TITLE), size: SECOND, ...(i ? { break: 1 } : {}) })),
  })
const blank = (line = LINE) => new Paragraph({ spacing: { line, lineRule: LineRuleType.EXACT }, children: [] })
const right = (text: string) => paragraph(text, { alignment: AlignmentType.RIGHT, indent: { right: 640 } })
/** Gone where the figures are real: the paragraph with the loop's marks goes too. */
const demo = () => [
  paragraph('{#演示}'),
  new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { line: 440, lineRule: LineRuleType.EXACT, after: 160 },
    border: Object.fromEntries(['top', 'bottom', 'left', 'right'].map((side) => [side, { style: BorderStyle.DASHED, size: 8, space: 4, color: PURPLE }])) as never,
    children: [run('{演示}', { font: font(HEAD), size: FOURTH, color: PURPLE })],
  }),
  paragraph('{/演示}'),
]

/** 发文机关标志 and the red line beneath, with what stands between them. */
function redHead(office: string, size: number, between: Paragraph[]): Paragraph[] {
  return [
    paragraph(office, { alignment: AlignmentType.CENTER, spacing: { line: 1000, lineRule: LineRuleType.EXACT, before: 200, after: 320 } }, { font: font(TITLE), size, color: RED }),
    ...between,
    new Paragraph({ spacing: { line: 120, lineRule: LineRuleType.EXACT, after: 420 }, border: { bottom: { style: BorderStyle.SINGLE, size: 18, space: 1, color: RED } }, children: [] }),
  ]
}

const line = { style: BorderStyle.SINGLE, size: 6, color: '000000' }
const BORDERS = { top: line, bottom: line, left: line, right: line, insideHorizontal: line, insideVertical: line }

interface CellLook {
  width: number
  span?: number
  head?: boolean
  start?: boolean
  size?: number
}
function cell(text: string | string[], { width, span = 1, head = false, start = false, size = SMALL }: CellLook): TableCell {
  const lines = [text].flat()
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    columnSpan: span,
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    children: lines.map((one) => new Paragraph({ alignment: start ? AlignmentType.LEFT : AlignmentType.CENTER, spacing: { line: size === SMALL ? 360 : 460, lineRule: LineRuleType.EXACT }, children: [run(one, { font: font(head ? HEAD : BODY), size })] })),
  })
}
const WIDTH = mm(156)
function table(widths: number[], rows: { cells: TableCell[]; repeated?: boolean; height?: number }[]): Table {
  return new Table({
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    borders: BORDERS,
    rows: rows.map(({ cells, repeated, height }) => new TableRow({ children: cells, tableHeader: repeated ?? false, cantSplit: true, ...(height ? { height: { value: height, rule: 'atLeast' as const } } : {}) })),
  })
}
/** Shares of the text's width. */
const shares = (...parts: number[]) => parts.map((part) => Math.round((WIDTH * part) / parts.reduce((sum, one) => sum + one, 0)))

const pageNumber = (alignment: (typeof AlignmentType)[keyof typeof AlignmentType], side: 'left' | 'right') =>
  new Footer({ children: [new Paragraph({ alignment, indent: { [side]: 320 }, children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], font: font('宋体'), size: FOURTH })] })] })

function document(children: (Paragraph | Table)[], about: string): Document {
  return new Document({
    creator: '乡图 Xiangtu',
    title: about,
    evenAndOddHeaderAndFooters: true,
    styles: { default: { document: { run: { font: font(BODY), size: THIRD } } } },
    sections: [
      {
        properties: { page: { size: { width: mm(210), height: mm(297) }, margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(25), header: mm(15) } } },
        // Odd pages on the right, even ones on the left, one character in.
        footers: { default: pageNumber(AlignmentType.RIGHT, 'right'), even: pageNumber(AlignmentType.LEFT, 'left') },
        children,
      },
    ],
  })
}

/** Red and yellow lights: each item is a paragraph; where there are none, one says so. */
const litItems = (loop: string, none: string) => [
  paragraph(`{#${loop}}`),
  body('{顺序}．{任务}（{街镇}，牵头部门：{牵头部门}）。{原因}'),
  paragraph(`{/${loop}}`),
  paragraph(`{^${loop}}`),
  body(none),
  paragraph(`{/${loop}}`),
]

function bulletin(): Document {
  const widths = shares(4, 1.6, 1.6, 1.6, 1.6, 1.8)
  const heads = ['单位', '红灯', '黄灯', '绿灯', '未到', '无数据']
  const cells = ['{#各单位}{名称}', '{红灯}', '{黄灯}', '{绿灯}', '{未到}', '{无数据}{/各单位}']
  return document(
    [
      ...redHead('乡村振兴重点任务进展通报', 72, [
        paragraph('{期号}', { alignment: AlignmentType.CENTER }),
        new Paragraph({ spacing: { ...exact, before: 120 }, tabStops: [{ type: 'right', position: WIDTH - 320 }], indent: { left: 320 }, children: [run('{发文单位}'), run('\t{成文日期}')] }),
      ]),
      ...demo(),
      title('关于{区名}{年份}年{月份}月乡村振兴', '重点任务进展情况的通报'),
      body('根据《{清单名称}》，现将{月份}月各项任务进展情况通报如下（数据截至{数据截至}）。'),
      heading('一、总体情况'),
      body('清单共 {任务数} 项任务，按“任务 × 单位”计，亮红灯 {红灯数} 盏、黄灯 {黄灯数} 盏、绿灯 {绿灯数} 盏，未到期 {未到数} 盏。{比上月}{#比上月}。{/比上月}'),
      heading('二、各单位情况'),
      body('各单位亮灯情况见下表。“无数据”为没有审核通过的上报，不等于零。'),
      blank(240),
      table(widths, [{ repeated: true, cells: heads.map((text, i) => cell(text, { width: widths[i]!, head: true })) }, { cells: cells.map((text, i) => cell(text, { width: widths[i]! })) }]),
      blank(240),
      heading('三、红灯事项'),
      ...litItems('红灯事项', '本月没有红灯事项。'),
      heading('四、黄灯事项'),
      ...litItems('黄灯事项', '本月没有黄灯事项。'),
      heading('五、工作要求'),
      body('亮红灯的单位要逐项说明原因，明确整改措施和完成时限；牵头部门要加强指导督促，确保全年任务按期完成。'),
      blank(),
      blank(),
      right('{发文单位}'),
      right('{成文日期}'),
    ],
    '月度通报模板',
  )
}

function order(): Document {
  const widths = shares(1.4, 3, 1.4, 3)
  const [a, b, c, d] = widths as [number, number, number, number]
  const label = (text: string) => cell(text, { width: a, head: true, size: FOURTH })
  const label2 = (text: string) => cell(text, { width: c, head: true, size: FOURTH })
  const wide = (text: string | string[]) => cell(text, { width: b + c + d, span: 3, start: true, size: FOURTH })
  const events = shares(1.8, 1.3, 1.9, 4.2)
  const heads = ['日期', '事项', '经办', '内容']
  const cells = ['{#办理过程}{日期}', '{事项}', '{经办}', '{内容}{/办理过程}']
  return document(
    [
      ...redHead('{发文单位}', 64, [paragraph('督{编号}', { alignment: AlignmentType.CENTER })]),
      ...demo(),
      title('督 办 单'),
      table(widths, [
        { height: 700, cells: [label('责任单位'), cell('{责任单位}', { width: b, size: FOURTH }), label2('签发日期'), cell('{签发日期}', { width: d, size: FOURTH })] },
        { height: 700, cells: [label('签发人'), cell('{签发人}', { width: b, size: FOURTH }), label2('办理期限'), cell('{办理期限}', { width: d, size: FOURTH })] },
        { height: 700, cells: [label('事由'), wide('{事由}')] },
        { height: 700, cells: [label('对应任务'), wide('{任务}{#涉及街镇}（{涉及街镇}{#涉及月份}，{涉及月份}{/涉及月份}）{/涉及街镇}')] },
        { height: 1800, cells: [label('督办要求'), wide('{督办要求}')] },
        { height: 1800, cells: [label('办理回复'), wide(['{回复}', '{回复日期}'])] },
        { height: 700, cells: [label('状态'), cell('{状态}', { width: b, size: FOURTH }), label2('来源'), cell('{来源}', { width: d, size: FOURTH })] },
      ]),
      blank(300),
      paragraph('办理过程', { keepNext: true, spacing: { ...exact, after: 120 } }, { font: font(HEAD), size: FOURTH }),
      table(events, [
        { repeated: true, cells: heads.map((text, i) => cell(text, { width: events[i]!, head: true })) },
        { cells: cells.map((text, i) => cell(text, { width: events[i]!, start: i === 3 })) },
      ]),
    ],
    '督办单模板',
  )
}

function notice(): Document {
  const widths = shares(3.6, 2.4, 1.8, 1.8, 1.4)
  const heads = ['任务', '单位', '任务量', '完成', '完成率']
  const cells = ['{#数值}{序号} {指标}', '{单位}', '{任务量}', '{完成}', '{完成率}{/数值}']
  return document(
    [
      ...demo(),
      title('{标题}'),
      paragraph('{#说明}'),
      body('{说明}'),
      paragraph('{/说明}'),
      body('公示期：{公示开始}至{公示截止}。公示期内如有意见，请向{发文单位}反映。'),
      paragraph('{#更正说明}'),
      body('{更正说明}', { font: font(SUB) }),
      paragraph('{/更正说明}'),
      blank(240),
      table(widths, [{ repeated: true, cells: heads.map((text, i) => cell(text, { width: widths[i]!, head: true })) }, { cells: cells.map((text, i) => cell(text, { width: widths[i]!, start: i === 0 })) }]),
      blank(240),
      body('联系方式：{联系方式}'),
      blank(),
      right('{发文单位}'),
      right('{公示日期}'),
      blank(),
      paragraph('第 {版次} 版　校验码（SHA-256）：{校验码}', {}, { size: 18, color: '666666' }),
    ],
    '公示模板',
  )
}

const LETTER_DOCUMENTS: Record<LetterKind, () => Document> = { bulletin, order, notice }

/** A template's file, as it is drawn up here. */
export function builtTemplate(kind: LetterKind): Promise<Buffer> {
  return Packer.toBuffer(LETTER_DOCUMENTS[kind]())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kind of Object.keys(LETTER_DOCUMENTS) as LetterKind[]) await writeFile(new URL(`${kind}.docx`, import.meta.url), await builtTemplate(kind))
}

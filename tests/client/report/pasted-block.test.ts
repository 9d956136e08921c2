import { describe, expect, it } from 'vitest'
import { isBlock, pastedBlock } from '../../../client/report/pasted-block.ts'

describe('a pasted block', () => {
  it.each([
    ['12300', [['12300']]],
    ['1\t2\n3\t4\n', [['1', '2'], ['3', '4']]],
    ['1\r\n2\r\n', [['1'], ['2']]],
    ['1\n\n3\n', [['1'], [''], ['3']]],
    ['\t说明\n', [['', '说明']]],
    ['1\t"两行\n说明"\n2\t三', [['1', '两行\n说明'], ['2', '三']]],
    ['"说""好""了"\t2', [['说"好"了', '2']]],
    ['"平安屋"建设\t2', [['"平安屋"建设', '2']]],
    ['5" 管\t1', [['5" 管', '1']]],
    ['"没有结束\t2', [['"没有结束', '2']]],
    ['', []],
  ])('should be read from %j', (text, rows) => {
    expect(pastedBlock(text)).toEqual(rows)
  })

  it('should be one only with more than one cell', () => {
    expect(isBlock(pastedBlock('12300\n'))).toBe(false)
    expect(isBlock(pastedBlock('1\t2'))).toBe(true)
    expect(isBlock(pastedBlock('1\n2'))).toBe(true)
  })
})

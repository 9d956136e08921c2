import { describe, expect, it } from 'vitest'
import { csvOf, fileOfPaste } from '../../../client/task-list/pasted.ts'

describe('what is pasted', () => {
  it('should keep commas, quotes and line breaks inside their cells', () => {
    expect(
      csvOf([
        ['1', '甲,乙', '他说"好"'],
        ['2', '一\n二', ''],
      ]),
    ).toBe('1,"甲,乙","他说""好"""\r\n2,"一\n二",')
  })

  it('should become a text file as it is, and nothing when it is empty', async () => {
    const file = fileOfPaste({ html: '', text: '类别\t任务' }, '粘贴')
    expect(file?.name).toBe('粘贴.txt')
    expect(await file?.text()).toBe('类别\t任务')
    expect(fileOfPaste({ html: '', text: ' \n' }, '粘贴')).toBeNull()
  })
})

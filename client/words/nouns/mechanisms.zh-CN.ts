/** Editing a task's mechanisms. */
export default {
  title: '管理方式',
  edit: '调整',
  hint: '任务量和节点随清单的数字而定；按期报送、巡检、问题台账由清单的文字而来，可在这里增减，并标出依据的原文。保存后，填报表随之增减。',
  period: '周期',
  number: '每几个一次',
  every: { month: '按月', quarter: '按季', year: '按年' },
  unstated: { submission: '清单没有写明（按季）', inspection: '清单没有写明（按季）', finding: '清单没有写明（按月）' },
  words: '依据的原文',
  wordsHint: '从下面的清单原文复制',
  notFound: '清单原文里没有这些字',
  save: '保存',
  cancel: '取消',
} as const

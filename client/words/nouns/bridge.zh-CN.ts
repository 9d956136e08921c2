/** Bridges that are to be inspected. */
export default {
  legend: '结构检查（{date}）',
  light: { red: '已过期', yellow: '30 天内到期', green: '在周期内', grey: '无周期' },
  openDue: '列出应检查的 {n} 座',
  onlyDue: '只看应检查的',
  noneDue: '没有应检查的桥梁',
  inspection: '结构检查',
} as const

/** The month's dispatch pack. */
export default {
  kind: '调度材料',
  make: '生成{month}调度材料',
  making: '正在冻结数据…',
  hint: '封面、总览、矩阵、变化、问题、每单位一页、督办单；PDF、PPTX、XLSX 打成一个包',
  paper: '纸张',
} as const

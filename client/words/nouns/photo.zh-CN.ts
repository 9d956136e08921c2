/** Photos on the map. */
export default {
  title: '现场照片',
  hint: '所选街镇或任务带位置的照片',
  point: '{n} 张照片：{name}',
  open: '打开原图',
  about: '{no} {name}',
  taken: '拍摄 {time}',
  noTime: '没有拍摄时间',
  by: '{name}上传，{time}',
  before: '上一张',
  next: '下一张',
} as const

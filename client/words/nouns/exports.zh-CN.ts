/** Layers out as files. */
export default {
  open: '导出',
  title: '导出图层',
  layer: '图层',
  kind: '类型',
  all: '全部',
  format: '格式',
  crs: '坐标系',
  kmlHint: 'KML 只有 WGS84 经纬度',
  dxfHint: 'DXF 不带属性：类型写作图层名，名称写作文字。',
  count: '{town}共 {n} 个要素。',
  demo: '其中有演示要素，文件名和每一行都会注明“演示”。',
  download: '下载',
  cancel: '取消',
} as const

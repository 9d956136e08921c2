/** What is wrong with a file of boundaries, or worth a look before it is used. */

/** error: nothing is stored; warning: stored only if a person says so; note: for information. */
export const FINDING_SEVERITIES = ['error', 'warning', 'note'] as const
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number]

/** Every finding there is: how serious, and its words; `{name}` is filled from the finding's params. */
export const FINDING_KINDS = {
  'not-geojson': {
    severity: 'error',
    zh: '不是 GeoJSON 要素集合：{why}。请导出为 GeoJSON（FeatureCollection）',
    en: 'Not a GeoJSON FeatureCollection: {why}. Export the layer as GeoJSON',
  },
  'features-missing': { severity: 'error', zh: '文件里没有要素', en: 'There is no feature in the file' },
  'features-too-many': {
    severity: 'error',
    zh: '文件有 {count} 个要素，上限 {limit}；请只导出街镇一级的边界',
    en: '{count} features, the limit is {limit}; export the towns only',
  },
  'vertices-too-many': {
    severity: 'error',
    zh: '文件有 {count} 个顶点，上限 {limit}；请先简化（容差 1 米即可）',
    en: '{count} vertices, the limit is {limit}; simplify first (a tolerance of 1 m will do)',
  },
  'crs-unsupported': {
    severity: 'error',
    zh: '文件声明的坐标系是 {crs}；请转换为经纬度（WGS84 EPSG:4326 或 CGCS2000 EPSG:4490）',
    en: 'The file says its coordinates are in {crs}; convert to longitude/latitude (EPSG:4326 or EPSG:4490)',
  },
  'coordinates-projected': {
    severity: 'error',
    zh: '坐标是投影米制（如 {example}），像是 {guess}；请转换为经纬度（EPSG:4326 或 EPSG:4490）',
    en: 'Coordinates are projected metres (such as {example}), probably {guess}; convert to longitude/latitude (EPSG:4326 or EPSG:4490)',
  },
  'axes-swapped': {
    severity: 'error',
    zh: '经纬度写反了（如 {example}）；GeoJSON 是先经度、后纬度',
    en: 'Latitude and longitude are swapped (such as {example}); GeoJSON wants longitude first',
  },
  'coordinate-invalid': {
    severity: 'error',
    zh: '坐标不是有限的数：{example}',
    en: 'A coordinate is not a finite number: {example}',
  },
  'coordinate-out-of-range': {
    severity: 'error',
    zh: '坐标超出经纬度范围：{example}',
    en: 'A coordinate is outside the range of longitude and latitude: {example}',
  },
  'geometry-missing': { severity: 'error', zh: '第 {feature} 个要素没有图形', en: 'Feature {feature} has no geometry' },
  'geometry-not-area': {
    severity: 'error',
    zh: '第 {feature} 个要素是 {type}，不是面；边界必须是 Polygon 或 MultiPolygon',
    en: 'Feature {feature} is a {type}, not an area; boundaries must be Polygon or MultiPolygon',
  },
  'geometry-malformed': {
    severity: 'error',
    zh: '第 {feature} 个要素的坐标层次不对（{type}）',
    en: 'The coordinates of feature {feature} are not nested as a {type}’s are',
  },
  'ring-open': {
    severity: 'error',
    zh: '环没有闭合，首尾相距 {metres} 米',
    en: 'A ring is not closed: its ends are {metres} m apart',
  },
  'ring-too-short': { severity: 'error', zh: '环不足三个不同的点', en: 'A ring has fewer than three different points' },
  'ring-without-area': { severity: 'error', zh: '环没有面积', en: 'A ring has no area' },
  'ring-winding': {
    severity: 'note',
    zh: '{count} 个环的方向与 RFC 7946 相反，入库时已改正',
    en: '{count} rings run against RFC 7946; turned round when stored',
  },
  'self-intersection': {
    severity: 'error',
    zh: '边界与自身相交，或部分之间重叠（{why}）',
    en: 'The boundary crosses itself, or its parts overlap ({why})',
  },
  'self-touch': {
    severity: 'note',
    zh: '边界碰到自身，入库时已拆开（{why}）',
    en: 'The boundary touches itself; taken apart when stored ({why})',
  },
  'town-unknown': {
    severity: 'error',
    zh: '第 {feature} 个要素认不出是哪个街镇（{given}）',
    en: 'Feature {feature} is no town of the district ({given})',
  },
  'town-doubled': {
    severity: 'error',
    zh: '这个街镇有 {count} 个要素；飞地请合并为一个 MultiPolygon',
    en: 'This town has {count} features; join its parts into one MultiPolygon',
  },
  'town-missing': { severity: 'error', zh: '缺少这个街镇', en: 'This town is missing' },
  'town-contradiction': {
    severity: 'error',
    zh: '第 {feature} 个要素的代码是 {code}，名称却是 {name}',
    en: 'Feature {feature} has code {code} but the name {name}',
  },
  'town-without-boundary': {
    severity: 'warning',
    zh: '第 {feature} 个要素没有自己的行政边界（它的地在各街镇里），未采用',
    en: 'Feature {feature} has no boundary of its own (its land lies in the towns); left out',
  },
  overlap: { severity: 'error', zh: '两个街镇重叠 {area}', en: 'Two towns overlap by {area}' },
  'overlap-sliver': {
    severity: 'note',
    zh: '共同边界略有出入，重叠 {count} 处共 {area}（宽不足 {width} 米）',
    en: 'The common border differs slightly: {count} slivers of overlap, {area} together (narrower than {width} m)',
  },
  gap: {
    severity: 'warning',
    zh: '街镇之间有空隙 {area}；若是别区的飞地，请确认',
    en: 'A gap of {area} between towns; confirm if it is another district’s land',
  },
  'gap-sliver': {
    severity: 'note',
    zh: '街镇之间有窄缝 {count} 处共 {area}（宽不足 {width} 米）',
    en: '{count} thin gaps between towns, {area} together (narrower than {width} m)',
  },
  'area-changed': {
    severity: 'warning',
    zh: '面积 {area}，原边界为 {before}，相差 {percent}%',
    en: '{area}, against {before} of the boundaries in use: {percent} % different',
  },
  'area-unlike-published': {
    severity: 'warning',
    zh: '面积 {area}，公布的面积为 {published}，相差 {percent}%',
    en: '{area}, against the published {published}: {percent} % different',
  },
  elsewhere: {
    severity: 'error',
    zh: '图形不在本区（离原边界约 {km} 公里）',
    en: 'The shapes are not in this district (about {km} km away from the boundaries in use)',
  },
  'all-shifted': {
    severity: 'warning',
    zh: '所有街镇比原边界整体偏东 {east} 米、偏北 {north} 米；可能是 GCJ-02（火星坐标），请先纠偏',
    en: 'All towns lie {east} m east and {north} m north of the boundaries in use: perhaps GCJ-02; correct the shift first',
  },
} as const satisfies Record<string, { severity: FindingSeverity; zh: string; en: string }>
export type FindingKind = keyof typeof FINDING_KINDS

export interface Finding {
  kind: FindingKind
  severity: FindingSeverity
  /** Codes of the towns concerned; empty: the file as a whole, or no town known. */
  towns: string[]
  /** Overlap, gap or area concerned, on the ellipsoid. */
  areaM2: number | null
  /** A place to look at, WGS84 [lon, lat]. */
  at: [number, number] | null
  params: Record<string, string | number>
}

/** A finding of a kind, with the severity that the table gives it. */
export function finding(kind: FindingKind, about: Partial<Omit<Finding, 'kind' | 'severity'>> = {}): Finding {
  return { kind, severity: FINDING_KINDS[kind].severity, towns: [], areaM2: null, at: null, params: {}, ...about }
}

/** The finding as a sentence, without the towns' names. */
export function findingWords({ kind, params }: Finding, language: 'zh-CN' | 'en'): string {
  const row = FINDING_KINDS[kind]
  return (language === 'en' ? row.en : row.zh).replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}

import { z } from '@hono/zod-openapi'
import { CRS_OUT, WGS84 } from '../../geo/crs/crs.ts'
import { MAP_FORMATS, type MapFormat } from '../../geo/import/formats.ts'
import { shownValue } from '../../geo/import/mapping.ts'
import type { Layer } from '../../geo/layer/layer.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import { todayOf } from '../clock.ts'
import type { Column, Value } from '../format/format.ts'
import { writeFile } from '../format/isolated.ts'
import { filterOf, layerOfPath } from '../layer/routes.ts'
import { featureQuerySchema } from '../layer/schemas.ts'
import { Problem } from '../problems.ts'
import { failures, route, router } from '../route.ts'
import { boundaryKind, exportRows, type ExportRow } from './queries.ts'

/** More are a database's copy, not a file for a desk. */
const MOST_FEATURES = 250_000
const FORMATS_OUT = (Object.keys(MAP_FORMATS) as MapFormat[]).filter((id) => MAP_FORMATS[id].writes)
const SKETCHED = '示意'

const COLUMN_TYPES = { text: 'text', choice: 'text', choices: 'text', ranges: 'text', number: 'number', whole: 'whole', date: 'date', 'yes-no': 'yes-no' } as const

/** The columns of a layer's file, each with how its value is found: fields by the names that an import knows again. */
function columnsOf(layer: Layer, sketched: boolean): (Column & { of: (row: ExportRow) => Value })[] {
  const fields = Object.values(layer.fields).map(({ zh }) => zh)
  // A name of our own gives way to a field's.
  const own = (name: string) => (fields.includes(name) ? `${name}_` : name)
  const round = (value: number | null, digits: number) => (value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits)
  return [
    { name: own('标识'), type: 'text', of: ({ key }) => key },
    ...Object.entries(layer.fields).map(([id, field]) => ({ name: field.zh, type: COLUMN_TYPES[field.type], of: ({ properties }: ExportRow) => shownValue(field, properties[id]) })),
    { name: own('街镇'), type: 'text', of: ({ town }) => town },
    { name: own('计入单位'), type: 'text', of: ({ unit }) => unit },
    ...(layer.geometry === 'polygon' ? [{ name: own('图上亩数'), type: 'number' as const, of: ({ areaM2 }: ExportRow) => round(areaM2 === null ? null : areaM2 / M2_PER_MU, 4) }] : []),
    ...(layer.geometry === 'line' ? [{ name: own('图上米数'), type: 'number' as const, of: ({ lengthM }: ExportRow) => round(lengthM, 3) }] : []),
    { name: own('来源'), type: 'text', of: ({ source }) => source },
    { name: own('性质'), type: 'text', of: ({ demo }) => (demo ? '演示' : '') },
    ...(sketched ? [{ name: own('街镇边界'), type: 'text' as const, of: () => SKETCHED }] : []),
  ]
}

export const exportRoutes = router().openapi(
  route('reader', {
    method: 'get',
    path: '/api/layers/{layer}/file',
    summary: 'Features of a layer as a map file, filtered like on the screen; what is synthetic says 演示 in every line and in the file’s name',
    request: {
      params: z.object({ layer: z.string().max(60) }),
      query: featureQuerySchema.omit({ after: true, limit: true }).extend({
        format: z.enum(FORMATS_OUT as [MapFormat, ...MapFormat[]]).default('geopackage'),
        crs: z.enum(CRS_OUT.map(({ id }) => id) as [string, ...string[]]).default(WGS84.id).openapi({ description: 'WGS84, CGCS2000, one of its zones, or Web Mercator; KML is always WGS84' }),
      }),
    },
    responses: { 200: { description: 'the file', content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } }, ...failures(400, 401, 403, 404, 422) },
  }),
  async (c) => {
    const layer = layerOfPath(c, c.req.valid('param').layer)
    const { format, crs: crsId, ...query } = c.req.valid('query')
    const crs = format === 'kml' ? WGS84 : CRS_OUT.find(({ id }) => id === crsId)!
    const rows = await exportRows(c.var.sql, layer.id, filterOf(layer, query), MOST_FEATURES + 1)
    if (rows.length > MOST_FEATURES) throw new Problem('export-too-large', { limit: MOST_FEATURES })
    const kind = await boundaryKind(c.var.sql)
    const columns = columnsOf(layer, kind === SKETCHED)
    const demo = rows.some((row) => row.demo)
    const name = [layer.zh, demo ? '演示' : '', kind === SKETCHED ? '街镇边界示意' : '', crs.id.replace(':', ''), todayOf(c.var.clock)].filter(Boolean).join('_')
    const written = await writeFile({
      format,
      writing: { name, geometry: layer.geometry, columns: columns.map((column) => ({ name: column.name, type: column.type })), crs, title: layer.fields[layer.title]!.zh },
      rows: rows.map((row) => ({ shape: row.shape, values: columns.map(({ of }) => of(row)) })),
      local: null,
    })
    return c.body(new Uint8Array(written.bytes), 200, {
      'content-type': written.type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.${written.extension}`).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
    }) as never
  },
)

import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import { chainageWords, slackOf } from '../../geo/road/chainage.ts'
import { MOST_ROAD_PHOTOS, ROAD_PHOTO_TYPES, type RoadPhotoType } from '../../geo/road/photo.ts'
import { readAttachment } from '../attachment/read.ts'
import { fileOfForm } from '../attachment/routes.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { layerOfPath } from '../layer/routes.ts'
import { isoDate } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber } from '../route.ts'
import { isStorable } from '../storable.ts'
import { bytesOfRoadPhoto, insertRoadPhoto, markRoadPhotoRemoved, photosOfRoad, roadLine, roadPhotoById } from './queries.ts'

const idParam = z.object({ id: wholeNumber(1) })
const photoSchema = z
  .object({
    id: z.int(),
    road: z.int(),
    chainage: z.number().openapi({ description: 'metres from the road’s start' }),
    takenOn: isoDate,
    words: z.string(),
    name: z.string(),
    type: z.enum(ROAD_PHOTO_TYPES),
    size: z.int(),
    addedBy: z.string(),
    addedAt: z.iso.datetime(),
    demo: z.boolean(),
  })
  .openapi('RoadPhoto')

const isPhoto = (type: string): type is RoadPhotoType => (ROAD_PHOTO_TYPES as readonly string[]).includes(type)

export const roadRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/roads/{id}/photos',
      summary: 'Photos of a road, by chainage and day',
      request: { params: idParam },
      responses: { 200: json(z.array(photoSchema), 'photos'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      layerOfPath(c, 'roads')
      return c.json(await photosOfRoad(c.var.sql, c.req.valid('param').id), 200)
    },
  )
  .openapi(
    route('layer.edit', {
      method: 'post',
      path: '/api/roads/{id}/photos',
      summary: 'Hangs a photo on a road at a chainage; its day is the camera’s where none is given',
      request: {
        params: idParam,
        query: z.object({
          chainage: z.string().regex(/^\d{1,7}(\.\d{1,3})?$/, 'must be metres').transform(Number).openapi({ type: 'number', minimum: 0 }),
          takenOn: isoDate.optional(),
          words: z.string().trim().max(500).refine((given) => isStorable(given), 'holds a NUL or half a character').default(''),
        }),
        body: { content: { 'multipart/form-data': { schema: { type: 'object' as const, properties: { file: { type: 'string' as const, format: 'binary' } } } } } },
      },
      responses: { 201: json(photoSchema, 'the photo'), ...failures(400, 401, 403, 404, 409, 413, 422) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { chainage, takenOn: given, words } = c.req.valid('query')
      const road = await roadLine(c.var.sql, id)
      if (!road) throw new Problem('not-found', { what: `feature/roads/${id}` }, 'id')
      if (chainage > road.length + slackOf(road.length)) throw new Problem('chainage-past-end', { chainage: chainageWords(chainage), end: chainageWords(road.length) }, 'chainage')
      const file = readAttachment(await fileOfForm(c))
      const { type, bytes } = file
      if (!isPhoto(type)) throw new Problem('attachment-type', {}, 'file')
      const takenOn = given ?? file.takenAt?.slice(0, 10) ?? todayOf(c.var.clock)
      if (takenOn > todayOf(c.var.clock)) throw new Problem('request-invalid', { field: 'takenOn', why: 'must not lie in the future' }, 'takenOn')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const { actor } = c.var
      const photo = await begin(c, async (tx) => {
        if ((await photosOfRoad(tx, id)).length >= MOST_ROAD_PHOTOS) throw new Problem('photos-too-many', { limit: MOST_ROAD_PHOTOS }, 'file')
        const row = await insertRoadPhoto(tx, { road: id, chainage, takenOn, words, name: file.name, type, bytes, sha256, addedBy: actor.name, addedAt: instantOf(c.var.clock), demo: actor.demo })
        await audit(tx, actor, { action: 'road.photo.add', subject: `feature/roads/${id}`, before: null, after: { photo: row.id, chainage, takenOn, words, name: row.name, size: row.size, sha256 } })
        return row
      })
      return c.json(photo, 201)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/road-photos/{id}/file',
      summary: 'The photo itself',
      request: { params: idParam },
      responses: { 200: { description: 'the bytes, as what they are' }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      layerOfPath(c, 'roads')
      const { id } = c.req.valid('param')
      const photo = await roadPhotoById(c.var.sql, id)
      if (!photo) throw new Problem('not-found', { what: `road-photo/${id}` }, 'id')
      const etag = `"${photo.sha256.slice(0, 32)}"`
      const headers = {
        etag,
        'cache-control': 'private, no-cache',
        'content-type': ATTACHMENT_TYPES[photo.type].media,
        'x-content-type-options': 'nosniff',
        'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(photo.name)}`,
      }
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers) as never
      return c.body(new Uint8Array(await bytesOfRoadPhoto(c.var.sql, id)), 200, headers) as never
    },
  )
  .openapi(
    route('layer.edit', {
      method: 'delete',
      path: '/api/road-photos/{id}',
      summary: 'Takes a photo away; it stays on record',
      request: { params: idParam },
      responses: { 204: { description: 'taken away' }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { actor } = c.var
      await begin(c, async (tx) => {
        const photo = await roadPhotoById(tx, id)
        if (!photo) throw new Problem('not-found', { what: `road-photo/${id}` }, 'id')
        await markRoadPhotoRemoved(tx, id, actor.name, instantOf(c.var.clock))
        await audit(tx, actor, { action: 'road.photo.remove', subject: `feature/roads/${photo.road}`, before: { photo: id, chainage: photo.chainage, name: photo.name }, after: null })
      })
      return c.body(null, 204)
    },
  )

import { expect, it } from 'vitest'
import { describeOnBothDatabases } from '../harness.ts'

interface Page {
  features: { id: string; geometry: { type: string } | null; properties: { name: string; boundary: string } }[]
  links: { rel: string; href: string }[]
  numberMatched: number
  numberReturned: number
}

describeOnBothDatabases(
  'OGC API – Features',
  (server) => {
    it('should lead from the landing page to conformance, collections and the description', async () => {
      const { links } = await server.json<{ links: { rel: string; href: string }[] }>('/ogc')
      expect(links.map(({ rel }) => rel)).toEqual(['self', 'service-desc', 'service-doc', 'conformance', 'data'])
      for (const { rel, href } of links.slice(1)) {
        const response = await server.request(new URL(href).pathname)
        expect(response.status, rel).toBe(200)
      }
    })

    it('should give every town page by page, the park without geometry', async () => {
      const codes: string[] = []
      let next: string | undefined = '/ogc/collections/towns/items?limit=5'
      let pages = 0
      while (next) {
        const page: Page = await server.json<Page>(next)
        expect(page.numberMatched).toBe(12)
        expect(page.numberReturned).toBe(page.features.length)
        codes.push(...page.features.map(({ id }) => id))
        const href = page.links.find(({ rel }) => rel === 'next')?.href
        next = href && new URL(href).pathname + new URL(href).search
        pages++
      }
      expect(pages).toBe(3)
      expect(new Set(codes).size).toBe(12)
      expect(codes).toContain('310118P01')
    })

    it('should give only towns that the bounding box touches, and refuse one that is none', async () => {
      const { features } = await server.json<Page>('/ogc/collections/towns/items?bbox=121.26,31.16,121.27,31.17&limit=20')
      expect(features.map(({ properties }) => properties.name)).toContain('徐泾镇')
      expect(features.length).toBeLessThan(4)
      const refused = await server.request('/ogc/collections/towns/items?bbox=1,2,x')
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ type: '/problems/request-invalid', field: 'bbox' })
    })

    it('should give one town with its boundary’s kind, and 404 for what there is not', async () => {
      expect(await server.json('/ogc/collections/towns/items/310118104')).toMatchObject({ id: '310118104', properties: { name: '金泽镇', boundary: '示意' } })
      expect((await server.request('/ogc/collections/towns/items/1')).status).toBe(404)
      expect((await server.request('/ogc/collections/roads')).status).toBe(404)
    })
  },
  { seeded: 'empty' },
)

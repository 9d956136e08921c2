/** A real provider of single sign-on on this machine, where a test says who shows who they are. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface TestProvider {
  issuer: string
  /** Who signs in there next: their lasting identity, and what they are called now. */
  next: { subject: string; name: string | null }
  /** Goes through the provider's pages as a browser does, from our address of it to the address that it sends back to. */
  visit(url: string): Promise<string>
  stop(): Promise<void>
}

export const CLIENT = { id: 'xiangtu', secret: 'the-secret-of-the-tests' }

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const test: TestProvider = { issuer, next: { subject: '1', name: null }, visit, stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))) }
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    cookies: { keys: ['of the tests'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, id) => {
      const { name } = test.next
      return { accountId: id, claims: () => ({ sub: id, ...(name === null ? {} : { preferred_username: name }) }) }
    },
    // Nobody is asked whether this installation may know their name.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client!.clientId, accountId: ctx.oidc.session!.accountId! })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void provider.interactionFinished(request, response, { login: { accountId: test.next.subject } })
    else void answer(request, response)
  })

  async function visit(url: string): Promise<string> {
    const cookies = new Map<string, string>()
    for (let at = url; ; ) {
      const answered = await fetch(at, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } })
      for (const cookie of answered.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
        cookies.set(name!, value!)
      }
      const location = answered.headers.get('location')
      if (!location) throw new Error(`The provider answered ${answered.status}: ${await answered.text()}`)
      at = new URL(location, at).href
      if (!at.startsWith(issuer)) return at
    }
  }
  return test
}

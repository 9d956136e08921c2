import { resolve } from 'node:path'
import { z } from 'zod'
import { isProjString } from '../geo/crs/transform.ts'

const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
  NO_OPEN: z.stringbool().default(false),
  OPERATOR_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  SECRET_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  PUBLIC_ORIGIN: z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin).optional(),
  READING: z.enum(['anyone', 'signed-in']).optional(),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.startsWith('https:') || isLoopback(new URL(url).hostname), 'must be https, save on this machine')
    .optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_CLAIM: z.string().min(1).default('preferred_username'),
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(1).max(1440).default(60),
  SESSION_HOURS: z.coerce.number().int().min(1).max(168).default(12),
  CHANNEL_HOSTS: z
    .string()
    .regex(/^[a-z0-9.:,\s[\]-]+$/i, 'must be host names, with commas between them')
    .default('oapi.dingtalk.com,open.feishu.cn,qyapi.weixin.qq.com'),
  LOCAL_CRS: z.string().max(1000).refine(isProjString, 'must be a proj string, e.g. +proj=tmerc +lat_0=… +lon_0=… +k=1 +x_0=… +y_0=… +ellps=GRS80 +units=m').optional(),
  CLOCK: z.iso.datetime({ offset: true, error: 'must be an instant with its offset, e.g. 2023-06-30T09:00:00+08:00' }).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
})

/** The names of the environment variables that the server reads; `.env.example` explains each. */
export const ENVIRONMENT_NAMES = Object.keys(variables.shape)

/** Whose values are never shown. */
const SECRETS = new Set(['OPERATOR_KEY', 'SECRET_KEY', 'DATABASE_URL', 'OIDC_CLIENT_SECRET'])

/** The configuration of one server process, parsed once. */
export interface Environment {
  port: number
  host: string
  dataDir: string
  databaseUrl: string | null
  databasePool: number
  openBrowser: boolean
  operatorKey: string | null
  /** What the secrets of channels are encrypted under; null: not configured. */
  secretKey: string | null
  publicOrigin: string | null
  /** Only this machine reaches the server: it listens on loopback and no proxy stands in front. */
  local: boolean
  /** Who may read plans, progress and lights: anyone by default where only this machine reaches the server. */
  reading: 'anyone' | 'signed-in'
  /** Single sign-on by OpenID Connect; null: accounts and passwords only. */
  oidc: { issuer: string; clientId: string; clientSecret: string | null; claim: string } | null
  sessionIdleMinutes: number
  sessionHours: number
  /** The hosts (or `host:port`) that messages may be sent to, whatever channels are set up. */
  channelHosts: string[]
  /** The proj string of a local coordinate system that map files may be in; null: there is none. */
  localCrs: string | null
  /** Where the clock stands when the server starts, for trainings; null: the machine's own. */
  clock: Date | null
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
}

/** A variable that cannot be understood: says which and why, for the person at the terminal. */
export class EnvironmentError extends Error {}

/**
 * Reads the configuration from environment variables.
 * @throws EnvironmentError naming every variable that cannot be understood
 */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  // An empty value means "not set": compose files and .env files write it so.
  const given = Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, env[name] || undefined]))
  const parsed = variables.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
      return `  ${name}=${SECRETS.has(name) ? '…' : env[name]}: ${issue.message}`
    })
    throw new EnvironmentError(`These environment variables cannot be understood (see .env.example):\n${lines.join('\n')}`)
  }
  const v = parsed.data
  if (!v.OIDC_ISSUER !== !v.OIDC_CLIENT_ID) throw new EnvironmentError('OIDC_ISSUER and OIDC_CLIENT_ID belong together: set both for single sign-on, or neither (see .env.example)')
  const local = isLoopback(v.HOST) && v.PUBLIC_ORIGIN === undefined
  return {
    port: v.PORT,
    host: v.HOST,
    dataDir: resolve(v.DATA_DIR),
    databaseUrl: v.DATABASE_URL ?? null,
    databasePool: v.DATABASE_POOL,
    openBrowser: !v.NO_OPEN,
    operatorKey: v.OPERATOR_KEY ?? null,
    secretKey: v.SECRET_KEY ?? null,
    publicOrigin: v.PUBLIC_ORIGIN ?? null,
    local,
    reading: v.READING ?? (local ? 'anyone' : 'signed-in'),
    oidc: v.OIDC_ISSUER && v.OIDC_CLIENT_ID ? { issuer: v.OIDC_ISSUER, clientId: v.OIDC_CLIENT_ID, clientSecret: v.OIDC_CLIENT_SECRET ?? null, claim: v.OIDC_CLAIM } : null,
    sessionIdleMinutes: v.SESSION_IDLE_MINUTES,
    sessionHours: v.SESSION_HOURS,
    channelHosts: v.CHANNEL_HOSTS.toLowerCase().split(',').map((host) => host.trim()).filter(Boolean),
    localCrs: v.LOCAL_CRS ?? null,
    clock: v.CLOCK ? new Date(v.CLOCK) : null,
    logLevel: v.LOG_LEVEL,
  }
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '::ffff:127.0.0.1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host)
}

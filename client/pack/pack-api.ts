/** The month's dispatch pack on the server. */
import type { Lang } from '../../geo/number/in-words.ts'
import type { NamedPaper } from '../../geo/snapshot/paper.ts'
import { send } from '../api.ts'

export const makePack = (asked: { plan: number; month: string; paper: NamedPaper; lang: Lang }) => send<{ id: number }>('POST', '/api/packs', asked)

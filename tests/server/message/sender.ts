/** A process that sends what waits in the database of DATABASE_URL, to be killed while it does. */
import { clockFrom } from '../../../server/clock.ts'
import { connect } from '../../../server/database/connect.ts'
import { readEnvironment } from '../../../server/environment.ts'
import { deliver } from '../../../server/message/deliver.ts'

const environment = readEnvironment(process.env)
const sql = connect(environment.databaseUrl!, { max: 2 })
await deliver(sql, clockFrom(environment.clock), { hosts: environment.channelHosts, secretKey: environment.secretKey, origin: null })
await sql.end()

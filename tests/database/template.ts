/** An embedded database, migrated and empty, to copy: making one takes ten times as long. */
import { existsSync } from 'node:fs'
import { cp, rename } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { openDatabase } from '../../server/database/open.ts'
import { readEnvironment } from '../../server/environment.ts'

/** Fills a data folder as a first start leaves it before the seeds. The first call makes the template that TEST_MIGRATED_TEMPLATE names. */
export async function copyTemplate(dataDir: string): Promise<void> {
  const template = process.env.TEST_MIGRATED_TEMPLATE
  if (!template) return
  if (!existsSync(template)) {
    const made = `${template}-${process.pid}`
    const database = await openDatabase(readEnvironment({ DATA_DIR: made }), pino({ level: 'silent' }), () => {})
    await database.close()
    await rename(made, template)
  }
  await cp(join(template, 'database'), join(dataDir, 'database'), { recursive: true })
  await cp(join(template, 'database.json'), join(dataDir, 'database.json'))
}

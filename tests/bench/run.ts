/**
 * `npm run bench`: what deciding, serving and the embedded database cost, each as a ratio to the plainest thing that does as much. Some
 * minutes (a million parcels are drawn up); keep the machine quiet meanwhile.
 */
import { serve } from '../e2e/serve.ts'
import { databases } from './databases.ts'
import { imports } from './imports.ts'
import { lighting } from './lighting.ts'
import { type Comparison, table } from './measure.ts'
import { serving } from './serving.ts'
import { millions, tiles } from './tiles.ts'

const comparisons: Comparison[] = []
const began = performance.now()
const server = await serve()
console.log(
  `First start of the product with the demonstration year: ${((performance.now() - began) / 1000).toFixed(1)} s`,
)
try {
  comparisons.push(...(await lighting(server.address)))
  comparisons.push(...(await serving(server.address)))
} finally {
  await server.stop()
}
const ofDatabases = await databases()
if ('reason' in ofDatabases) console.log(`Databases were not compared: ${ofDatabases.reason}`)
else comparisons.push(...ofDatabases)
const ofTiles = await tiles()
if ('reason' in ofTiles) console.log(`Tiles were not compared: ${ofTiles.reason}`)
else comparisons.push(...ofTiles)
const ofMillions = await millions()
if ('reason' in ofMillions) console.log(`A million parcels were not drawn: ${ofMillions.reason}`)
else comparisons.push(...ofMillions)
const ofImports = await imports()
if ('reason' in ofImports) console.log(`Imports were not compared: ${ofImports.reason}`)
else comparisons.push(...ofImports)
console.log(`\n${table(comparisons)}`)

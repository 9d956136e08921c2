/** What the check asks the server. */
import type { MultiPolygon, Polygon } from 'geojson'
import type { CheckResult } from '../../geo/check/check.ts'
import { send } from '../api.ts'

export type CheckAnswer = CheckResult & { touched: MultiPolygon | null; remaining: MultiPolygon | null; remainingMu: number; dataVersion: number }

export const checkFarmland = (plot: Polygon | MultiPolygon, toleranceMu: number) => send<CheckAnswer>('POST', `/api/checks/farmland?tolerance=${toleranceMu}`, plot)

export const isPlot = (shape: { type: string } | null | undefined): shape is Polygon | MultiPolygon => shape?.type === 'Polygon' || shape?.type === 'MultiPolygon'

/** How a road's works look over its line: done stays as the line is, planned is hollow and dashed, what is neither is pale. Told by shape, not by colour alone. */
import type { FilterSpecification } from 'maplibre-gl'
import type { WorkState } from '../../geo/road/drawing.ts'
import type { OverlayStyle } from '../planning/layer-map.ts'

const of = (state: WorkState): FilterSpecification => ['==', ['get', 'state'], state]
const width = (low: number, high: number) => ['interpolate', ['linear'], ['zoom'], 12, low, 16, high]

export const WORKS_STYLES: readonly OverlayStyle[] = [
  { id: 'works-idle', type: 'line', filter: of('idle'), layout: { 'line-cap': 'butt' }, paint: { 'line-color': '#fff', 'line-opacity': 0.65, 'line-width': width(3, 7) } },
  { id: 'works-planned', type: 'line', filter: of('planned'), layout: { 'line-cap': 'butt' }, paint: { 'line-color': '#fff', 'line-width': width(1.2, 3), 'line-dasharray': [3, 1.5] } },
  { id: 'works-done', type: 'line', filter: of('done'), layout: { 'line-cap': 'butt' }, paint: { 'line-color': '#17212c', 'line-width': width(0.6, 1.4) } },
]

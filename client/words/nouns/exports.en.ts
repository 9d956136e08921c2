import type { ScreenWords } from '../index.ts'

export default {
  open: 'Export',
  title: 'Export a layer',
  layer: 'Layer',
  kind: 'Kind',
  all: 'All',
  format: 'Format',
  crs: 'Coordinate system',
  kmlHint: 'KML knows only WGS84 longitude and latitude',
  dxfHint: 'DXF has no attributes: kinds become layers, names become texts.',
  count: '{n} features, {town}.',
  inBox: 'Only what lies within the map as it is',
  counting: 'Counting…',
  named: 'Only those named “{q}”, as in the list.',
  narrowed: 'Only those in the list.',
  demo: 'Some are demonstration features: the file’s name and every line say 演示.',
  download: 'Download',
  cancel: 'Cancel',
} as const satisfies ScreenWords['exports']

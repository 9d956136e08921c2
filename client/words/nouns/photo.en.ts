export default {
  title: 'Photos',
  hint: 'Photos with a place, of the chosen town or task',
  point: 'Photos here: {n}, {name}',
  open: 'Open the picture itself',
  about: '{no} {name}',
  taken: 'taken {time}',
  noTime: 'time not known',
  by: 'attached by {name}, {time}',
  before: 'Previous',
  next: 'Next',
} as const

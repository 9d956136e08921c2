/** The month's dispatch pack. */
export default {
  kind: 'Dispatch pack',
  make: 'Make the dispatch pack for {month}',
  making: 'Freezing the data…',
  hint: 'Cover, overview, matrix, changes, problems, a page a unit, orders; PDF, PPTX and XLSX in one zip',
  paper: 'Paper',
}

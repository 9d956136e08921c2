export default {
  title: 'Mechanisms',
  edit: 'Edit',
  hint: 'Quota and milestones follow the list’s numbers. Submissions, inspections and findings come from its words and can be changed here, with the words that ask for them; the report sheets follow.',
  period: 'How often',
  number: 'Every how many',
  every: { month: 'by month', quarter: 'by quarter', year: 'by year' },
  unstated: { submission: 'not stated (each quarter)', inspection: 'not stated (each quarter)', finding: 'not stated (each month)' },
  words: 'The words that ask for it',
  wordsHint: 'copy them from the text below',
  notFound: 'These words are not in the document',
  save: 'Save',
  cancel: 'Cancel',
}

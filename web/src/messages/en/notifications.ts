/** Where colleagues named this person. */
export const notifications = {
  title: 'Mentions',
  readAll: 'Mark all as read',
  none: 'Nobody has named you yet',
  noneText: 'Colleagues name you with @ and your name in a note.',
  mentioned: (who: string, customer: string) => `${who} named you in a note about ${customer}`,
  noText: 'The note has no text any more.',
  unread: 'Unread',
  older: 'Show older ones',
  failed: 'This did not work',
};

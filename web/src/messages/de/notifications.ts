import type { Texts } from '@/lib/i18n';
import type { notifications as en } from '../en/notifications';

export const notifications: Texts<typeof en> = {
  title: 'Erwähnungen',
  readAll: 'Alle als gelesen markieren',
  none: 'Bisher hat Sie niemand erwähnt',
  noneText: 'Kollegen erwähnen Sie mit @ und Ihrem Namen in einer Notiz.',
  mentioned: (who, customer) => `${who} hat Sie in einer Notiz zu ${customer} erwähnt`,
  noText: 'Die Notiz hat keinen Text mehr.',
  unread: 'Ungelesen',
  older: 'Ältere zeigen',
  failed: 'Das hat nicht geklappt',
};

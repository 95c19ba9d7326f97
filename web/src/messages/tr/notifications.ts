import type { Texts } from '@/lib/i18n';
import type { notifications as en } from '../en/notifications';

export const notifications: Texts<typeof en> = {
  title: 'Bahsedenler',
  readAll: 'Tümünü okundu yap',
  none: 'Henüz kimse sizden bahsetmedi',
  noneText: 'İş arkadaşlarınız bir notta @ ile adınızı yazarak sizden bahseder.',
  mentioned: (who, customer) => `${who}, ${customer} hakkındaki bir notta sizden bahsetti`,
  noText: 'Notun artık metni yok.',
  unread: 'Okunmadı',
  older: 'Daha eskileri göster',
  failed: 'Bu olmadı',
};

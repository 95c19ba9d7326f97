import type { Texts } from '@/lib/i18n';
import type { palette as en } from '../en/palette';

export const palette: Texts<typeof en> = {
  title: 'Arama ve komutlar',
  placeholder: 'Bir komut, ad veya telefon numarası yazın',
  recent: 'Son açılanlar',
  pages: 'Sayfalar',
  commands: 'Bu sayfada',
  general: 'Genel',
  conversations: 'Konuşmalar',
  customers: 'Müşteriler',
  cards: 'Kartlar',
  searching: 'Aranıyor',
  failed: 'Arama yanıt alamadı. Komutlar çalışmaya devam ediyor.',
  none: (q) => `“${q}” için sonuç yok`,
  noneText: 'Müşteriler ad, telefon numarası, e-posta veya kullanıcı adıyla bulunur.',
  results: (n) => `${n} sonuç`,
  choose: 'seç',
  move: 'gezin',
  close: 'kapat',
};

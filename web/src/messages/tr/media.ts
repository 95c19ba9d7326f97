import type { Texts } from '@/lib/i18n';
import type { media as en } from '../en/media';

export const media: Texts<typeof en> = {
  play: 'Oynat',
  pause: 'Duraklat',
  playing: 'Çalan kayıt',
  goThere: 'Görüşmesini aç',
  end: 'Durdur',
  unplayable: 'Bu tarayıcı kaydı çalamıyor.',
  rate: (rate) => `Hız ${rate}×, değiştir`,
  position: 'Kayıttaki yer',
  positionOf: (at, length) => `${at} / ${length}`,
  look: (name) => `${name}: büyük göster`,
  place: (n, of) => `${n} / ${of}`,
  gone: 'Artık burada değil',
  download: 'İndir',
  downloadOf: (name) => `İndir: ${name}`,
  again: 'Yeniden dene',
  close: 'Kapat',
  previous: 'Önceki',
  next: 'Sonraki',
  smaller: 'Küçült',
  larger: 'Büyüt',
  rotate: 'Döndür',
};

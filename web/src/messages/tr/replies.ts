import type { Texts } from '@/lib/i18n';
import type { replies as en } from '../en/replies';

export const replies: Texts<typeof en> = {
  title: 'Hazır yanıtlar',
  text: 'Herkes bunları eğik çizgi ve adını yazarak yanıta ekler.',
  add: 'Yeni yanıt',
  none: 'Henüz hazır yanıt yok',
  noneText: 'Her gün verdiğiniz yanıtları yazın: çalışma saatleri, fiyatlar, adres tarifi.',
  edit: (name) => `/${name} yanıtını değiştir`,
  delete: (name) => `/${name} yanıtını sil`,
  deleted: (name) => `/${name} silindi`,
  notDeleted: 'Silinmedi',
  deleteTitle: (name) => `/${name} silinsin mi?`,
  deleteText: 'Artık kimse ekleyemez. Onunla gönderilen mesajlar kalır.',
  deleteIt: 'Sil',
  addTitle: 'Yeni hazır yanıt',
  editTitle: 'Hazır yanıtı değiştir',
  name: 'Ad',
  nameHint: 'Eğik çizgiden sonra yazıldığı gibi tek kelime.',
  body: 'Metin',
  bodyHint: (names) => `Kendiliğinden doldurulur: ${names}`,
  unknownVariable: (name) => `{{${name}}} doldurulmuyor.`,
  conflict: 'Bunu bu arada başka biri değiştirdi. Görmek için pencereyi kapatın.',
  faults: {
    required: 'Bir ad girin.',
    space: 'Boşluk ve eğik çizgi olmadan tek kelime.',
    long: 'En fazla 40 karakter.',
    taken: 'Bu adda başka bir yanıt var.',
    textRequired: 'Bir metin girin.',
  },
  forbiddenTitle: 'Yöneticiler için',
  forbiddenText: 'Hazır yanıtları tüm gelen kutusunu yönetenler değiştirir. Siz hepsini kullanabilirsiniz.',
};

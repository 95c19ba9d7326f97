import type { Texts } from '@/lib/i18n';
import type { deliveries as en } from '../en/deliveries';

const count = (n: number) => n.toLocaleString('tr-TR');

export const deliveries: Texts<typeof en> = {
  title: 'Webhook teslimatları',
  forbiddenTitle: 'Yalnızca yöneticiler için',
  forbiddenText: 'Teslimatlar, platformların gönderdiklerini gösterir. Bir yöneticiden buraya bakmasını isteyin.',
  list: 'Teslimatlar',
  tabs: 'Teslimatların durumu',
  states: { all: 'Tümü', received: 'Bekliyor', done: 'Tamamlandı', failed: 'Başarısız', unrouted: 'Kanalsız' },
  platforms: { meta: 'Messenger ve Lead Ads', whatsapp: 'WhatsApp', instagram: 'Instagram', website: 'Web sitesi' },
  columns: { received: 'Alındı', platform: 'Platform', state: 'Durum', reason: 'Neden', attempts: 'Deneme', size: 'Boyut' },
  attempts: (n) => `${count(n)} deneme`,
  refresh: 'Yenile',
  refreshed: 'Liste güncel',
  loadingMore: 'Daha eskiler yükleniyor',
  end: 'Hepsi bu kadar.',
  empty: {
    all: { title: 'Henüz teslimat yok', text: 'Bir platform ilk webhook’unu gönderdiğinde burada görünür.' },
    received: { title: 'Bekleyen yok', text: 'Bütün webhook’lar işlendi.' },
    done: { title: 'Henüz tamamlanan yok', text: 'İşlenen webhook’lar birkaç gün saklanır.' },
    failed: { title: 'Başarısız olan yok', text: 'İşlenemeyen webhook’lar, siz yeniden çalıştırana kadar burada bekler.' },
    unrouted: { title: 'Her webhook’un kanalı var', text: 'Hiçbir kanala ait olmayan hesapların webhook’ları burada bekler.' },
  },
  reasons: {
    noChannel: 'Bu hesap henüz hiçbir kanala ait değil',
    notJson: 'İçerik JSON değil',
    notWebhook: 'İçerik JSON, ama bilinen bir webhook değil',
    database: 'Veritabanına ulaşılamadı; yeniden denenecek',
    internal: 'Switchboard’daki bir hata onu durdurdu',
    invalid: 'İçindeki bir değer saklanamadı',
    notFound: 'Başvurduğu bir kayıt artık yok',
    other: (reason) => `Başka neden: ${reason}`,
  },
  select: (what) => `Seç: ${what}`,
  selectAll: 'Yüklenenlerin tümünü seç',
  selected: (n) => `${count(n)} seçildi`,
  clear: 'Seçimi kaldır',
  replay: 'Yeniden çalıştır',
  replaySelected: (n) => `${count(n)} teslimatı yeniden çalıştır`,
  replayAll: { failed: 'Tüm başarısızları yeniden çalıştır', unrouted: 'Tüm kanalsızları yeniden çalıştır' },
  confirmTitle: 'Teslimatları yeniden çalıştır',
  confirmIds: (n) => `${count(n)} teslimat yeniden işlenecek. Daha önce yapılanlar ikinci kez yapılmaz.`,
  confirmState: {
    failed: (n, more) =>
      `Tüm başarısız teslimatlar (${more ? 'en az ' : ''}${count(n)}) yeniden işlenecek. Daha önce yapılanlar ikinci kez yapılmaz.`,
    unrouted: (n, more) =>
      `Tüm kanalsız teslimatlar (${more ? 'en az ' : ''}${count(n)}) yeniden işlenecek. Daha önce yapılanlar ikinci kez yapılmaz.`,
  },
  replayed: (n) => (n === 0 ? 'Yeniden çalıştırılacak bir şey yok: zaten bekliyorlar' : `${count(n)} teslimat yeniden işleniyor`),
  replayFailed: 'Yeniden çalıştırılamadı',
  tooMany: (n) => `Bir seferde en fazla ${count(n)}. Daha azını seçin.`,
  open: (what) => `Aç: ${what}`,
  detail: {
    title: 'Teslimat',
    body: 'İçerik',
    masked: 'Kişisel veriler gizlendi.',
    copy: 'İçeriği kopyala',
    copied: 'İçerik kopyalandı',
    copyFailed: 'Tarayıcı kopyalamaya izin vermedi',
    clipped: (shown, all) => `${all} içeriğin ilk ${shown} kadarı gösteriliyor.`,
    showAll: 'Tümünü göster',
    empty: 'İçerik boş.',
    missingTitle: 'Bu teslimat burada yok',
    missingText: 'Tamamlanan teslimatlar birkaç gün sonra silinir.',
    id: 'Kimlik no',
  },
  channels: {
    title: (n) =>
      n === 1
        ? 'İlk webhook’uyla bir kanal oluştu. Sizin mi?'
        : `İlk webhook’larıyla ${count(n)} kanal oluştu. Sizin mi?`,
    account: (id) => `Hesap ${id}`,
    confirm: 'Bizim',
    confirmOf: (name) => `Bizim: ${name}`,
    confirmed: (name) => `${name} onaylandı`,
    failed: 'Onaylanmadı',
  },
};

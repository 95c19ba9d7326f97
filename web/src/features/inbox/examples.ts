/** Messages for the tests of the inbox: one of each kind, as the server gives them out. */
import type { Attachment, Conversation, Message } from '@/api/types';

export function message(fields: Partial<Message> = {}): Message {
  return {
    id: 'm1',
    conversation_id: 'c1',
    direction: 'in',
    kind: 'text',
    text: null,
    attachments: [],
    reactions: [],
    mentions: [],
    sent_at: '2026-11-17T10:00:00Z',
    created_at: '2026-11-17T10:00:00Z',
    version: 1,
    ...fields,
  };
}

export function attachment(fields: Partial<Attachment> = {}): Attachment {
  return { id: 'a1', kind: 'image', state: 'pending', ...fields };
}

export function conversation(fields: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    status: 'open',
    channel: { id: 'ch1', kind: 'whatsapp', account_id: '1', name: 'Sales' },
    customer: { id: 'cu1', name: 'Ayşe Yılmaz', phone: '+905324187650' },
    labels: [],
    sending: { mode: 'free', until: null },
    unread_count: 0,
    last_activity_at: '2026-11-17T10:00:00Z',
    created_at: '2026-11-17T10:00:00Z',
    version: 1,
    ...fields,
  };
}

/** What to show, and words that have to be seen. */
export const kinds: readonly [name: string, message: Message, seen: readonly string[]][] = [
  ['text', message({ text: 'Merhaba *fiyat*' }), ['Merhaba fiyat']],
  [
    'text with buttons',
    message({ direction: 'out', text: 'Uygun mu?', buttons: [{ id: 'b1', title: 'Evet' }, { id: 'b2', title: 'Hayır' }] }),
    ['Uygun mu?', 'Evet', 'Hayır'],
  ],
  [
    'text with a list',
    message({
      direction: 'out',
      text: 'Hangi masa?',
      list: { button: 'Masalar', sections: [{ title: 'Meşe', rows: [{ id: 'r1', title: 'Yuvarlak', description: 'Altı kişilik' }] }] },
    }),
    ['Hangi masa?', 'Masalar', 'Meşe', 'Yuvarlak', 'Altı kişilik'],
  ],
  ['choices of nonsense', message({ direction: 'out', text: 'Hm', buttons: 'x', list: [3] } as never), ['Hm']],
  ['image', message({ kind: 'image', text: 'Bu köşe', attachments: [attachment()] }), ['Photo', 'Not fetched yet', 'Bu köşe']],
  ['video', message({ kind: 'video', attachments: [attachment({ kind: 'video', mime_type: 'video/mp4' })] }), ['Video', 'video/mp4']],
  ['audio', message({ kind: 'audio', attachments: [attachment({ kind: 'audio' })] }), ['Audio', 'Not fetched yet']],
  ['voice', message({ kind: 'voice', attachments: [attachment({ kind: 'voice' })] }), ['Voice message']],
  [
    'document',
    message({ kind: 'document', attachments: [attachment({ kind: 'document', file_name: '../Dekont.pdf', size: 2048, state: 'failed' })] }),
    ['../Dekont.pdf', 'Could not be fetched'],
  ],
  ['sticker', message({ kind: 'sticker', attachments: [attachment({ kind: 'sticker' })] }), ['Sticker']],
  ['sticker without file', message({ kind: 'sticker', text: '❤️' }), ['❤️']],
  [
    'location',
    message({ kind: 'location', location: { latitude: 41, longitude: 29.0123, name: 'Galata Kulesi', address: 'Beyoğlu' } }),
    ['Galata Kulesi', 'Beyoğlu', '41.00000, 29.01230', 'Open in a map'],
  ],
  ['location of nonsense', message({ kind: 'location', location: { latitude: 'x', longitude: null } as never }), ['Location']],
  [
    'contacts',
    message({
      kind: 'contacts',
      text: 'Mehmet Öz, Depo',
      contacts: [{ name: { formatted_name: 'Mehmet Öz' }, phones: [{ phone: '+905551112233' }] }, { phones: 'x' }],
    }),
    ['Mehmet Öz', 'Without name'],
  ],
  ['contacts without cards', message({ kind: 'contacts', text: 'Depo' }), ['Depo']],
  ['button_reply', message({ kind: 'button_reply', text: 'Evet', payload: 'confirm:1' }), ['Chose', 'Evet']],
  ['list_reply', message({ kind: 'list_reply', text: 'Servis', payload: 'dept' }), ['Servis']],
  ['quick_reply', message({ kind: 'quick_reply', text: 'Fiyat listesi', payload: 'PRICE' }), ['Fiyat listesi']],
  ['postback', message({ kind: 'postback', text: 'Başlayın', payload: 'GET_STARTED' }), ['Pressed', 'Başlayın']],
  [
    'flow_reply',
    message({ kind: 'flow_reply', text: 'Sent', payload_json: { flow_token: 'hidden-token', ad: 'Ayşe', onay: true, renk: ['mavi', 'gri'] } }),
    ['Filled in a form', 'Ayşe', 'Yes', 'mavi, gri'],
  ],
  ['flow_reply that did not parse', message({ kind: 'flow_reply', text: 'Sent', payload: '{broken' }), ['Sent', 'Show raw data']],
  [
    'order',
    message({
      kind: 'order',
      text: 'Kapıda ödeme olsun',
      order: {
        catalog_id: '88',
        items: [{ product_id: 'BERJER-01', quantity: 2, price: { amount: 1_249_000, currency: 'EUR' } }],
        total: { amount: 2_498_000, currency: 'EUR' },
      },
    }),
    ['BERJER-01', '€24,980', 'Kapıda ödeme olsun'],
  ],
  ['order without items', message({ kind: 'order', order: { items: null } as never }), ['Order']],
  ['product', message({ kind: 'product', text: 'Bu var mı?', product: 'SEHPA-02' }), ['About product SEHPA-02', 'Bu var mı?']],
  ['share', message({ kind: 'share', attachments: [attachment({ kind: 'share', title: 'Yeni koleksiyon' })] }), ['Yeni koleksiyon']],
  ['story_reply', message({ kind: 'story_reply', text: 'Rengi çok güzel', story_id: '18' }), ['Replied to your story', 'Rengi çok güzel']],
  ['story_mention', message({ kind: 'story_mention', attachments: [attachment({ kind: 'story_mention' })] }), ['Mentioned you in a story']],
  ['unsupported', message({ kind: 'unsupported', original_type: 'hologram', raw: { type: 'hologram' } }), ['Unsupported message', 'hologram', 'Show raw data']],
  ['a kind after this build', message({ kind: 'telepathy' }), ['Unsupported message']],
  ['deleted', message({ deleted_at: '2026-11-17T10:01:00Z' }), ['Deleted message']],
  [
    'ad referral',
    message({ text: 'Hallo', referral: { source_type: 'ad', ad_id: '120', headline: 'Herbst', body: 'Sofas', source_url: 'https://fb.me/x' } }),
    ['Came from an ad', 'Herbst', 'Sofas', 'fb.me', 'Hallo'],
  ],
  ['referral with a bad address', message({ text: 'x', referral: { ad_id: '1', source_url: 'javascript:alert(1)' } }), ['Ad 1']],
];

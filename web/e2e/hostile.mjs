// A tenant into whose every field somebody wrote a list of texts, and what a page shows of them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

const WHATSAPP = { phone_number_id: '418206994710335', display_phone_number: '908502223344' };
const PAGE = '107845920384756';
/** Between texts that share a field. */
const BETWEEN = ' \u00a6 ';

/** What the server keeps of a text (rule 4 of the webhook samples): no U+0000, no half of a pair. */
export const kept = (text) => text.replaceAll('\0', '').toWellFormed();
export const joined = (texts) => texts.join(BETWEEN);
/** As many of the texts as an id may hold; longer ones are no ids to the server. */
export const idOf = (texts) => kept(texts.reduce((id, text) => (Buffer.byteLength(id + BETWEEN + kept(text)) > 250 ? id : id + BETWEEN + text), '#')).trim();
/** As the server trims. */
export const trimmed = (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
const filled = (texts) => texts.filter((text) => trimmed(kept(text)) !== '');
export const portions = (list, size) => Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

/** Graph, as far as the server asks it: leads by their ids. */
export async function openGraph() {
  const leads = new Map();
  const listener = createServer((request, response) => {
    const found = leads.get(/\/(\d+)\?/.exec(request.url)?.[1]);
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error: { code: 100, message: 'unknown' } }));
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${listener.address().port}`, leads, close: () => listener.close() };
}

/** A form whose every question, answer and name is a text. */
const leadOf = (texts, tag) => ({
  id: `7770${tag}`,
  created_time: '2026-11-20T10:00:00+0000',
  ...Object.fromEntries(['ad_name', 'adset_name', 'campaign_name', 'platform'].map((key) => [key, joined(texts)])),
  form_id: '778120394456123',
  field_data: [{ name: 'email', values: [`lead${tag}@example.test`] }, { name: 'full_name', values: [`Lead ${tag}.`] }, ...texts.map((text) => ({ name: text, values: [text] }))],
});

let clock = Math.floor(Date.now() / 1000) - 40_000;

function whatsapp(messages, contacts = [], metadata = WHATSAPP) {
  const value = { messaging_product: 'whatsapp', metadata, contacts, messages };
  return { object: 'whatsapp_business_account', entry: [{ id: '329471260257418', changes: [{ field: 'messages', value }] }] };
}

const message = (from, content) => ({ from, id: `wamid.${from}.${(clock += 1)}`, timestamp: String(clock), ...content });

/** The texts in one field, which is named so that no other field can stand for it. */
export const field = (name, texts) => joined([name, ...texts]);
export const FIELDS = ['file', 'place', 'street', 'button', 'row', 'quick', 'note', 'headline', 'body', 'reaction'];
export const CARD = ['org', 'tel', 'mail', 'answer'];

/** One message of each kind, with the texts in all its fields. */
function faces(from, texts) {
  const id = idOf(texts);
  const told = Object.fromEntries(FIELDS.map((name) => [name, field(name, texts)]));
  const reply = (type, title) => ({ type: 'interactive', interactive: { type, [type]: { id, title, description: title } } });
  const text = message(from, { type: 'text', text: { body: texts.join('\n') } });
  const file = message(from, { type: 'document', document: { id: `file${clock}`, filename: told.file, mime_type: told.file } });
  const cards = texts.map((one) => ({ name: { formatted_name: one }, org: { company: `org ${one}` }, phones: [{ phone: `tel ${one}` }], emails: [{ email: `mail ${one}` }] }));
  const answers = Object.fromEntries(texts.map((one) => [one, `answer ${one}`]));
  const strange = joined(texts);
  return [
    text,
    file,
    message(from, { type: 'text', text: { body: 'quotes' }, context: { id: file.id, from } }),
    message(from, { type: 'location', location: { latitude: 41, longitude: 29, name: told.place, address: told.street } }),
    message(from, { type: 'contacts', contacts: cards }),
    message(from, reply('button_reply', told.button)),
    message(from, reply('list_reply', told.row)),
    message(from, { type: 'button', button: { payload: id, text: told.quick } }),
    message(from, { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: JSON.stringify(answers) } } }),
    message(from, { type: 'order', order: { catalog_id: id, text: told.note, product_items: texts.map((one) => ({ product_retailer_id: one, quantity: 1, item_price: 1, currency: 'TRY' })) } }),
    message(from, { type: 'text', text: { body: 'came' }, referral: { source_type: 'ad', source_id: id, headline: told.headline, body: told.body, ctwa_clid: id } }),
    message(from, { type: 'text', text: { body: 'asks' }, context: { referred_product: { catalog_id: '1', product_retailer_id: id } } }),
    message(from, { type: 'reaction', reaction: { message_id: text.id, emoji: told.reaction } }),
    message(from, { type: strange, [strange]: record(texts) }),
  ];
}

/** As many messages, touches or conversations as one answer of the server holds. */
export const PORTION = 30;

/** An address by itself where a link could be made of it. */
const places = (from, url) => [
  message(from, { type: 'location', location: { latitude: 41, longitude: 29, name: 'Here', url } }),
  message(from, { type: 'text', text: { body: url }, referral: { source_type: 'post', source_id: '1', source_url: url, headline: 'Post' } }),
];

/** How many rows of the thread `faces` makes: a reaction is none. */
export const FACES = 13;

/** The texts as keys and values; a key `__proto__` is one like all others. */
const record = (texts) => Object.fromEntries(texts.map((text) => [text, text]));

/** Puts texts into every field; resolves when the server has taken in all of it. */
export async function seed(server, graph, texts, addresses, tag) {
  graph.leads.set(`7770${tag}`, leadOf(texts.map(kept), tag));
  const names = filled(texts);
  const people = names.map((text, at) => ({ text, wa: `9053${tag}0${String(at).padStart(5, '0')}` }));
  await server.post('whatsapp', whatsapp(people.map(({ wa, text }) => message(wa, { type: 'text', text: { body: text } })), people.map(({ wa, text }) => ({ wa_id: wa, profile: { name: text } }))));
  const groups = portions(texts, 20).map((of, at) => ({ of, wa: `9053${tag}1${String(at).padStart(5, '0')}`, name: `Group ${tag} ${at + 1}.` }));
  for (const { of, wa, name } of groups) {
    await server.post('whatsapp', whatsapp(faces(wa, of), [{ wa_id: wa, profile: { name } }]));
  }
  await server.post('meta', messenger(`7720${tag}`, texts));
  const line = `9053${tag}200000`;
  const bodyOf = (text, at) => whatsapp([message(line, { type: 'text', text: { body: 'on this line' } })], [{ wa_id: line, profile: { name: `Lines ${tag}.` } }], { phone_number_id: `6${tag}${at}`, display_phone_number: text });
  await server.post('whatsapp', { object: 'whatsapp_business_account', entry: names.flatMap((text, at) => bodyOf(text, at).entry) });
  await server.post('meta', { object: 'page', entry: [{ id: PAGE, changes: [{ field: 'leadgen', value: { leadgen_id: `7770${tag}`, page_id: PAGE, form_id: '778120394456123', created_time: clock } }] }] });
  const odd = `odd-${tag}`;
  await server.post('whatsapp', { object: 'whatsapp_business_account', entry: [{ id: odd, ...record(texts.map(kept)), changes: texts.map((text) => ({ field: kept(text).slice(0, 30).toWellFormed() })) }] });
  for (const [at, urls] of portions(addresses, PORTION / 2).entries()) {
    const from = `9053${tag}30000${at}`;
    await server.post('whatsapp', whatsapp(urls.flatMap((url) => places(from, url)), [{ wa_id: from, profile: { name: `Places ${tag} ${at}.` } }]));
  }
  await website(server, texts, addresses, tag);
  const wanted = people.length + groups.length + names.length + 1;
  for (let turn = 0; (await server.sql(`select count(*) from conversation c join customer u on u.id = c.customer_id where u.phone like '+9053${tag}%'`)).trim() < wanted; turn += 1) {
    if (turn > 400) throw new Error('the webhooks were never taken in');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await server.until(`/customers?q=lead${tag}@example.test`, (list) => list.items.length > 0);
  const delivery = await server.sql(`select id from webhook_delivery where encode(body, 'escape') like '%${odd}%'`);
  return { people, groups, names, addresses, texts, tag, odd: delivery.trim() };
}

function messenger(person, texts) {
  clock += 1;
  const files = texts.map((text) => ({ type: text, payload: { title: text, url: 'https://cdn.example.test/x' } }));
  const told = { mid: `m_${person}_${clock}`, text: joined(texts.slice(0, 3)), attachments: [{ type: 'image', payload: { url: 'https://cdn.example.test/x' } }, ...files] };
  return { object: 'page', entry: [{ id: PAGE, time: clock * 1000, messaging: [{ sender: { id: person }, recipient: { id: PAGE }, timestamp: clock * 1000, message: told }] }] };
}

export const visitorOf = (tag, at) => `visitor${tag}x${at}@example.test`;

/** What each visitor writes: a message has at most 10,000 characters, and only the first of somebody's is kept. */
export function letters(texts, visitors) {
  const size = Math.ceil(texts.length / visitors);
  return portions(texts, size).map((of) => trimmed(kept(of.join('\n'))));
}

/** Leads of visitors: every address by itself, the other texts as many as fit in a field. */
async function website(server, texts, addresses, tag) {
  const { items } = await server.call('GET', '/channels');
  const key = items.find((channel) => channel.kind === 'website').site_key;
  const visitors = portions(addresses, PORTION);
  const written = letters(texts, visitors.length);
  const leads = visitors.flatMap((of, at) => of.map((text) => ({ email: visitorOf(tag, at), message: written[at] ?? 'x', page_url: text.slice(0, 2000), utm_source: text.slice(0, 500) })));
  for (const [at, some] of portions(texts, 20).entries()) {
    const short = joined(some).toWellFormed().slice(0, 500);
    leads.push({ email: visitorOf(tag, at % visitors.length), name: short, utm_source: short, utm_medium: short, utm_campaign: short, utm_term: short, utm_content: short });
  }
  for (const lead of leads) {
    const told = Object.entries({ site_key: key, ...lead }).map(([name, text]) => [name, text.toWellFormed()]);
    const answer = await fetch(`${server.url}/api/public/leads`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(Object.fromEntries(told)) });
    if (answer.status !== 201) throw new Error(`the lead got ${answer.status}: ${await answer.text()}`);
  }
}

/** Lines of a table of conversations `c` and their customers `u`. */
export async function rows(server, what, where, more = '') {
  const table = await server.sql(`select ${what} from conversation c join customer u on u.id = c.customer_id ${more} where ${where}`);
  return table.trim().split('\n').filter(Boolean);
}

const refusedName = (text) => /\p{Cc}/u.test(trimmed(text)) || [...trimmed(text)].length > 200 || trimmed(text) === '';
const mailOf = (text, at) => `${text.toWellFormed().replace(/[\s\p{Cc}@]/gu, '').slice(0, 60)}${at}@mail.example`;

/** Names, addresses, titles and labels as colleagues write them: by REST. */
export async function edit(server, { people, groups, tag }) {
  const table = await rows(server, `u.phone || ' ' || u.id || ' ' || c.id || ' ' || (select d.id from card d where d.customer_id = u.id limit 1)`, `u.phone like '+9053${tag}%'`);
  const byPhone = new Map(table.map((line) => [line.split(' ')[0].slice(1), line.split(' ')]));
  const jobs = people.map((person, at) => async () => {
    const [, customer, , card] = byPhone.get(person.wa);
    Object.assign(person, { customer, card });
    const text = person.text.toWellFormed();
    // What is no line of text stays as the platform told it.
    const line = refusedName(text) ? `no line ${at}` : trimmed(text);
    const refused = (path, body) => assert.rejects(server.call('PATCH', path, body), /: 422 /, text);
    if (refusedName(text)) await Promise.all([refused(`/customers/${customer}`, { name: text }), refused(`/cards/${card}`, { title: text })]);
    const written = await server.call('PATCH', `/customers/${customer}`, { name: refusedName(text) ? undefined : text, email: mailOf(text, at) });
    const { title } = await server.call('PATCH', `/cards/${card}`, { title: line });
    Object.assign(person, { name: refusedName(text) ? [...kept(person.text)].slice(0, 200).join('') : line, mail: written.email, title });
    assert.deepEqual([written.name, title], [person.name, line]);
  });
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) await job();
  }));
  for (const [at, group] of groups.entries()) {
    [, group.customer, group.id] = byPhone.get(group.wa);
    const labels = group.of.map((text) => trimmed([...trimmed(text.toWellFormed().replace(/\p{Cc}/gu, ''))].slice(0, 50).join(''))).filter(Boolean);
    group.labels = (await server.call('PATCH', `/conversations/${group.id}`, { labels })).labels;
    assert.deepEqual(group.labels, [...new Set(labels)], `labels of ${at}`);
  }
}

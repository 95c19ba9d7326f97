// One conversation: what is read keeps its place, what is new is seen and told, and every kind of message has a face.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile, readdir } from 'node:fs/promises';
import { checkAccess, closeBrowsers, drawn, openBrowser, settled, shot, signIn, until } from './browser.mjs';
import { seedMessages } from './seed.mjs';
import { startServer } from './server.mjs';

const FIXTURES = new URL('../../webhooks/fixtures/', import.meta.url);

let server;
before(async () => {
  server = await startServer();
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

let people = 0;
/** A customer who has written; his conversation's id, and how he writes on. */
async function customer(name, text = 'Hello', older = 0) {
  const from = `90532777${String((people += 1)).padStart(4, '0')}`;
  const writes = (words) => server.receives({ from, name, text: words });
  await writes(text);
  const { items } = await server.until('/conversations?limit=200', (list) => list.items.some((item) => item.customer.name === name));
  const { id } = items.find((item) => item.customer.name === name);
  if (older > 0) {
    await seedMessages(server, id, older);
    await server.sql(`update message set external_id = external_id || id where conversation_id = '${id}' and external_id like 'line.%'`);
  }
  return { id, from, writes };
}

async function opened(id, options = {}, query = '') {
  const browser = await openBrowser(server, options);
  await signIn(browser.page, { to: `/inbox/${id}${query}` });
  const thread = browser.page.getByRole('region', { name: 'Messages', exact: true });
  await thread.getByRole('article').first().waitFor();
  return { ...browser, thread };
}

/** Where a message stands on the screen. */
const topOf = (line) => line.evaluate((element) => element.getBoundingClientRect().top);
const unread = async (id) => (await server.call('GET', `/conversations/${id}`)).unread_count;
const atEnd = (page) =>
  page.waitForFunction(() => {
    const pane = document.querySelector('[data-thread]');
    return pane && pane.scrollHeight - pane.clientHeight - pane.scrollTop < 3;
  });

test('reading older messages, the line under the eye stays while older and newer ones come', async () => {
  const { id, writes } = await customer('Reader One', 'The newest', 300);
  const { page, thread, close } = await opened(id);
  await atEnd(page);
  await thread.hover();
  // The next page is on its way as long as the test wants.
  let release;
  const wait = new Promise((resolve) => (release = resolve));
  const older = (url) => url.pathname.endsWith('/messages') && url.search.includes('cursor');
  let asked = 0;
  await page.route(older, async (route) => {
    asked += 1;
    await wait;
    await route.continue();
  });
  while (asked === 0) {
    await page.mouse.wheel(0, -500);
    await drawn(page);
  }
  await settled(thread.getByRole('article').first());
  const visible = await thread.getByText(/^Line \d+/).evaluateAll((lines) => lines.filter((line) => line.getBoundingClientRect().top > 300).map((line) => line.textContent)[0]);
  const line = thread.getByText(visible, { exact: true });
  const was = await topOf(line);
  const first = await thread.evaluate((pane) => pane.scrollHeight);
  release();
  await page.waitForFunction((height) => document.querySelector('[data-thread]').scrollHeight > height + 500, first);
  await settled(line);
  assert.ok(Math.abs((await topOf(line)) - was) <= 2, `older ones moved it by ${(await topOf(line)) - was}`);
  for (let n = 1; n <= 4; n += 1) await writes(`News ${n}`);
  const pill = thread.locator('..').getByRole('button', { name: '4 new' });
  await pill.waitFor();
  assert.ok(Math.abs((await topOf(line)) - was) <= 2, `newer ones moved it by ${(await topOf(line)) - was}`);
  assert.ok((await unread(id)) >= 4, 'what was not on the screen is unread');
  await shot(page, 'thread-reading');
  await pill.click();
  await atEnd(page);
  await thread.getByText('News 4', { exact: true }).waitFor();
  await pill.waitFor({ state: 'detached' });
  await server.until(`/conversations/${id}`, (row) => row.unread_count === 0);
  await close();
});

test('unread messages stand under a divider, and are read when somebody looks', async () => {
  const { id, writes } = await customer('Reader Two', 'Word 0');
  const { items } = await server.call('GET', `/conversations/${id}/messages`);
  await server.call('POST', `/conversations/${id}/read`, { message_id: items[0].id });
  for (let n = 1; n <= 3; n += 1) await writes(`Word ${n}`);
  await server.until(`/conversations/${id}`, (row) => row.unread_count === 3);
  const { page, thread, close } = await opened(id);
  const divider = thread.getByText('New messages');
  const between = async () => {
    const [before, mark, next] = await Promise.all([topOf(thread.getByText('Word 0', { exact: true })), topOf(divider), topOf(thread.getByText('Word 1', { exact: true }))]);
    return before < mark && mark < next;
  };
  await divider.waitFor();
  await until(between, true);
  await server.until(`/conversations/${id}`, (row) => row.unread_count === 0);
  await until(between, true, 'reading does not move it');
  await shot(page, 'thread-unread');

  // Nobody looks at a window that has lost the focus.
  const reads = [];
  page.on('request', (request) => request.url().endsWith('/read') && reads.push(request.url()));
  await page.evaluate(() => {
    document.hasFocus = () => false;
    dispatchEvent(new Event('blur'));
  });
  await writes('Unseen');
  await thread.getByText('Unseen', { exact: true }).waitFor();
  await page.waitForTimeout(400);
  assert.deepEqual(reads, []);
  assert.equal(await unread(id), 1);
  await page.evaluate(() => {
    delete document.hasFocus;
    dispatchEvent(new Event('focus'));
  });
  await page.bringToFront();
  await server.until(`/conversations/${id}`, (row) => row.unread_count === 0);
  await close();
});

test('days are told apart, and a link leads to a message three hundred back', async () => {
  const { id } = await customer('Reader Three', 'Now', 400);
  await server.sql(`update message set sent_at = sent_at - interval '2 days' where conversation_id = '${id}' and text ~ '^Line (2[0-9]{2}|3[0-9]{2}|400)'`);
  const target = (await server.sql(`select id from message where conversation_id = '${id}' and text ~ '^Line 310'`)).trim();
  const { page, thread, close } = await opened(id, {}, `?m=${target}`);
  const line = thread.getByText(/^Line 310( |$)/);
  await line.waitFor();
  await page.waitForFunction((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top > 60 && bottom < innerHeight;
  }, await line.elementHandle());
  await shot(page, 'thread-linked');
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await atEnd(page);
  await thread.hover();
  const separators = new Set();
  const begins = thread.getByText('This is where the conversation begins');
  for (let whole = false; !whole; ) {
    // Asked before it is read: the older day may come on the screen together with the beginning.
    whole = (await begins.count()) > 0;
    for (const text of await thread.locator('bdi').allInnerTexts()) if (/^(Today|Yesterday|[A-Z][a-z]{2},? )/.test(text)) separators.add(text);
    await page.mouse.wheel(0, -600);
    await drawn(page);
  }
  assert.ok(separators.size >= 2, [...separators].join());
  await close();
});

test('a conversation that is joined with another while it is open goes on as the one that is left', async () => {
  const words = (second, text, wa_id, user_id) => ({
    object: 'whatsapp_business_account',
    entry: [{ id: '329471260257418', changes: [{ field: 'messages', value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '908502223344', phone_number_id: '418206994710335' },
      contacts: [{ profile: { name: 'Lena' }, wa_id, user_id }],
      messages: [{ from: wa_id, from_user_id: user_id, id: `wamid.join.${second}`, timestamp: String(Math.floor(Date.now() / 1000) - 600 + second), type: 'text', text: { body: text } }],
    } }] }],
  });
  const [number, bsuid] = ['491511234567', 'DE.5500667788990011'];
  await server.post('whatsapp', words(1, 'By number', number));
  await server.until('/conversations?q=Lena', ({ items }) => items.length === 1);
  await server.post('whatsapp', words(2, 'By name', undefined, bsuid));
  const { items } = await server.until('/conversations?q=Lena', (list) => list.items.length === 2);
  const newer = items.find((item) => item.last_message.text === 'By name');
  const { page, thread, close } = await opened(newer.id);
  await thread.getByText('By name', { exact: true }).waitFor();
  await server.post('whatsapp', words(3, 'Both at once', number, bsuid));
  for (const text of ['By number', 'By name', 'Both at once']) await thread.getByText(text, { exact: true }).waitFor();
  await server.post('whatsapp', words(4, 'And on', number, bsuid));
  await thread.getByText('And on', { exact: true }).waitFor();
  const list = page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').filter({ hasText: 'Lena' });
  await page.waitForFunction(() => document.querySelectorAll('[role=listitem] [aria-current=true]').length === 1);
  await until(() => list.count(), 1);
  await page.keyboard.press('e');
  await server.until('/conversations?q=Lena&status=resolved', (found) => found.items.length === 1);
  await close();
});

test('a thread that can’t be fetched says so, keeps what is there, and is fetched when one tries again', async () => {
  const { id } = await customer('Reader Four', 'Still here', 150);
  const { page, thread, close } = await opened(id);
  await atEnd(page);
  const older = (url) => url.pathname.endsWith('/messages');
  const fault = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'unavailable', detail: 'The database does not answer.' };
  await page.route(older, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(fault) }));
  await thread.hover();
  const alert = page.getByRole('alert').getByText('The database does not answer.');
  while (!(await alert.isVisible())) {
    await page.mouse.wheel(0, -700);
    await drawn(page);
  }
  await thread.getByText(/^Line \d+/).first().waitFor();
  await checkAccess(page, 'a thread with a fault');
  await shot(page, 'thread-fails');
  await page.unroute(older);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('alert').filter({ hasText: 'The database' }).waitFor({ state: 'detached' });
  await thread.hover();
  const oldest = thread.getByText(/^Line 150( |$)/);
  while ((await oldest.count()) === 0) {
    await page.mouse.wheel(0, -700);
    await drawn(page);
  }
  await thread.getByText('This is where the conversation begins').waitFor();
  await close(['503', 'Failed to load resource']);
});

test('long words, long texts, emoji and Arabic stay inside their bubbles', async () => {
  const { id, writes } = await customer('Reader Five', 'Short');
  await writes(`https://example.com/${'a'.repeat(400)}`);
  await writes('👩‍👩‍👧‍👦🏳️‍🌈🇹🇷');
  await writes('مرحبا، هل الكنبة الزاوية متوفرة؟ رقم 12345 و ABC');
  await writes(`${'word '.repeat(1999)}tail.`);
  for (const [name, options, query] of [
    ['light', {}, ''],
    ['dark', { colorScheme: 'dark', reducedMotion: 'reduce' }, ''],
    ['rtl', {}, '?dir=rtl'],
    ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, ''],
    ['zoomed', { viewport: { width: 720, height: 450 } }, ''],
  ]) {
    const { page, thread, close } = await opened(id, options, query);
    await thread.getByText(/^word word/).first().waitFor();
    const over = await thread.evaluate((pane) => pane.scrollWidth - pane.clientWidth);
    assert.ok(over <= 0, `${name}: ${over} px too wide`);
    await thread.getByRole('button', { name: 'Show all' }).last().waitFor();
    await thread.hover();
    await page.mouse.wheel(0, -400);
    await page.waitForTimeout(200);
    await shot(page, `thread-texts-${name}`);
    if (name === 'light') await checkAccess(page, 'a thread with long texts');
    if (name === 'phone') {
      await page.getByRole('button', { name: 'Back to the list' }).click();
      await page.getByRole('list', { name: 'Conversations' }).getByText('Reader Five').waitFor();
      assert.equal(new URL(page.url()).pathname, '/inbox');
    }
    await close();
  }
});

test('every kind of message has a face', async () => {
  const { page, close } = await openBrowser(server, { viewport: { width: 1440, height: 4000 } });
  const post = async (file) => server.post(file.startsWith('messenger') ? 'meta' : file.split('/')[0], await readFile(new URL(file, FIXTURES), 'utf8'));
  for (const platform of ['whatsapp', 'instagram', 'messenger']) {
    for (const name of (await readdir(new URL(`${platform}/`, FIXTURES))).sort()) await post(`${platform}/${name}`);
  }
  // Not by REST: what has not been looked at belongs to no tenant yet.
  while ((await server.sql("select count(*) from webhook_delivery where state = 'received'")).trim() !== '0') await page.waitForTimeout(100);
  const { items } = await server.call('GET', '/conversations?status=all&limit=200');
  await signIn(page, { to: '/inbox?status=all' });
  const kinds = new Set();
  for (const item of items.filter(({ customer: { name } }) => !/^(Reader|Lena)/.test(name))) {
    const { items: messages } = await server.call('GET', `/conversations/${item.id}/messages?limit=200`);
    if (messages.length === 0) continue;
    for (const { kind } of messages) kinds.add(kind);
    await page.locator(`[data-row="${item.id}"] a`).click();
    const thread = page.getByRole('region', { name: 'Messages', exact: true });
    await page.waitForFunction(([id]) => location.pathname.endsWith(id), [item.id]);
    await page.locator(`[data-row="${item.id}"] a[aria-current=true]`).waitFor();
    await page.waitForFunction((count) => document.querySelectorAll('[data-thread] article').length === count, Math.min(messages.length, 50));
    for (const article of await thread.getByRole('article').all()) {
      const text = (await article.innerText()).trim();
      assert.ok(text.length > 0, 'an empty bubble');
      assert.doesNotMatch(text, /\bundefined\b|\bnull\b|\[object|\bNaN\b|Invalid Date|[{[]"/, item.customer.name);
    }
    const raw = thread.getByRole('button', { name: 'Show raw data' });
    if ((await raw.count()) > 0) {
      await raw.first().click();
      await page.getByRole('dialog', { name: 'What the platform sent' }).getByText('"').first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  }
  assert.ok(kinds.size >= 17, [...kinds].join());
  const loud = items.find(({ last_message }) => last_message?.kind === 'unsupported') ?? items[0];
  await page.locator(`[data-row="${loud.id}"] a`).click();
  await shot(page, 'thread-kinds');
  await close();
});

test('edits, deletions, reactions, answers by phone and what became of them arrive live', async () => {
  const { id, from, writes } = await customer('Reader Six', 'Frist');
  const { page, thread, close } = await opened(id);
  const at = () => String(Math.floor(Date.now() / 1000));
  const tells = (field, value) =>
    server.post('whatsapp', {
      object: 'whatsapp_business_account',
      entry: [{ id: '329471260257418', changes: [{ field, value: { messaging_product: 'whatsapp', metadata: { display_phone_number: '908502223344', phone_number_id: '418206994710335' }, ...value } }] }],
    });
  const does = (message) => server.receives({ from, name: 'Reader Six', message });
  const { items } = await server.call('GET', `/conversations/${id}/messages`);
  const bubble = (text) => thread.getByRole('article').filter({ hasText: text });
  await does({ type: 'edit', edit: { original_message_id: items[0].external_id, message: { type: 'text', text: { body: 'First' } } } });
  await bubble('First').getByText('edited').waitFor();
  await tells('smb_message_echoes', { message_echoes: [{ from: '908502223344', to: from, id: 'wamid.answer', timestamp: at(), type: 'text', text: { body: 'Our answer' } }] });
  await bubble('Our answer').waitFor();
  await does({ type: 'reaction', reaction: { message_id: 'wamid.answer', emoji: '🎉' } });
  await bubble('Our answer').getByText('🎉').waitFor();
  await tells('messages', { statuses: [{ id: 'wamid.answer', status: 'read', timestamp: at(), recipient_id: from }] });
  await bubble('Our answer').getByLabel('Read').or(bubble('Our answer').getByText('Read')).first().waitFor();
  await does({ type: 'reaction', reaction: { message_id: 'wamid.answer', emoji: '' } });
  await bubble('🎉').waitFor({ state: 'detached' });
  await does({ type: 'revoke', revoke: { original_message_id: items[0].external_id } });
  await thread.getByText('Deleted message').waitFor();
  await bubble('First').waitFor({ state: 'detached' });
  await writes('And more');
  await bubble('And more').waitFor();
  await shot(page, 'thread-live');
  await close();
});

// Files, voices, templates and reactions: sent in parts and in order, seen as what they are, refused with a reason.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { checkAccess, closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { accessible } from './desk.mjs';
import { openGraph } from './graph.mjs';
import { png } from './pictures.mjs';
import { startServer } from './server.mjs';

const CUT = ['Failed to load resource', 'WebSocket connection'];
const MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const TEMPLATE = {
  id: '901',
  name: 'order_ready',
  language: 'en',
  category: 'UTILITY',
  status: 'APPROVED',
  components: [
    { type: 'BODY', text: 'Hello {{1}}, your *{{2}}* is ready.', example: { body_text: [['Ayşe', 'table']] } },
    { type: 'FOOTER', text: 'The workshop' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Thank you' }] },
  ],
};

let server;
let graph;
before(async () => {
  graph = await openGraph();
  graph.templates = [TEMPLATE];
  server = await startServer({ GRAPH_API_URL: graph.url, WHATSAPP_ACCESS_TOKEN: 'e2e', META_ACCESS_TOKEN: 'e2e' });
  await server.receives({ from: '905328890000', name: 'First Of All', text: 'Hello' });
  const { items } = await server.until('/channels', (list) => list.items.some(({ kind }) => kind === 'whatsapp'));
  for (const { id } of items) await server.call('PATCH', `/channels/${id}`, { confirmed: true });
});
afterEach(() => {
  graph.answer = 'ok';
});
after(async () => {
  await closeBrowsers();
  graph?.close();
  await server?.stop();
});

let people = 0;
async function customer(name, fields = {}) {
  const from = `90532889${String((people += 1)).padStart(4, '0')}`;
  await server.receives({ from, name, message: { type: 'text', text: { body: 'A question' }, timestamp: String(Math.floor(Date.now() / 1000)), ...fields } });
  const { items } = await server.until(`/conversations?status=all&q=${encodeURIComponent(name)}`, (list) => list.items.length === 1);
  return { id: items[0].id, from };
}

async function opened(id, options = {}) {
  const browser = await openBrowser(server, options);
  await browser.context.addInitScript(() => location.origin !== 'null' && localStorage.setItem('sb-undo-send', 'off'));
  await signIn(browser.page, { to: `/inbox/${id}` });
  const { page } = browser;
  const thread = page.getByRole('region', { name: 'Messages', exact: true });
  await thread.getByRole('article').first().waitFor();
  return {
    ...browser,
    thread,
    area: page.getByRole('textbox', { name: 'Reply', exact: true }),
    tray: page.getByRole('list', { name: 'Attached files' }),
    bubble: (text) => thread.getByRole('article').filter({ hasText: text }),
  };
}

/** Files as the browser would hand them over. */
function transfer(page, files) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: buffer.toString('base64') }));
  return page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, mimeType, bytes } of all) data.items.add(new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], name, { type: mimeType }));
    return data;
  }, given);
}

const picture = (name, ...how) => ({ name, mimeType: 'image/png', buffer: png(...how) });
const choose = (page, files) => page.locator('[data-attach]').setInputFiles(files);
const sentAs = (type) => graph.sent.filter((one) => one.type === type);

test('a picture that is pasted is seen, and goes with the text under it', async () => {
  const { id } = await customer('Pasted One');
  const { page, area, tray, thread, bubble, close } = await opened(id);
  await area.waitFor();
  const data = await transfer(page, [picture('table.png', 640, 400)]);
  await area.evaluate((element, clipboardData) => element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })), data);
  await tray.getByText('table.png').waitFor();
  await tray.locator('img').waitFor();
  await area.fill('This one?');
  await accessible(page, 'tray');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await tray.waitFor({ state: 'detached' });
  const image = bubble('This one?').getByRole('img', { name: 'table.png' });
  await image.waitFor();
  await until(async () => Math.round((await image.evaluate((one) => one.clientWidth / one.clientHeight)) * 10), 16, 'it has its own shape');
  await bubble('This one?').getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await until(() => sentAs('image').map(({ text }) => text), ['This one?']);
  assert.equal(await thread.getByRole('article').count(), 2, 'one message');
  await accessible(page, 'picture sent');
  await close();
});

test('files are dropped anywhere on the thread; one that can’t be sent says why', async () => {
  const { id } = await customer('Dropped One');
  const { page, thread, tray, close } = await opened(id);
  await page.getByRole('textbox', { name: 'Reply', exact: true }).waitFor();
  const large = { name: 'poster.png', mimeType: 'image/png', buffer: Buffer.alloc(5_000_001) };
  const data = await transfer(page, [picture('chair.png'), large]);
  await thread.dispatchEvent('dragenter', { dataTransfer: data });
  await page.getByText('Drop files here to send them to Dropped One').waitFor();
  await shot(page, 'media-drop');
  await thread.dispatchEvent('drop', { dataTransfer: data });
  await page.getByText('Drop files here').waitFor({ state: 'detached' });
  await tray.getByText('chair.png').waitFor();
  await page.getByText(/poster\.png: too large\. Photos may have at most 5\s?MB here/).waitFor();
  assert.equal(await tray.getByRole('listitem').count(), 1);
  await checkAccess(page, 'refused file');
  await page.reload();
  await tray.getByText('chair.png').waitFor();
  await tray.locator('img').waitFor();
  await tray.getByRole('button', { name: 'Remove chair.png' }).click();
  await tray.waitFor({ state: 'detached' });
  await close();
});

test('an upload that was cut goes on where it was, also on a new page', async () => {
  const { id } = await customer('Cut One');
  const { context, page, tray, bubble, close } = await opened(id);
  const offsets = [];
  let announced = 0;
  let cut = true;
  await context.route(
    (url) => url.pathname.startsWith('/api/v1/files'),
    (route) => {
      const request = route.request();
      if (request.method() === 'POST') announced += 1;
      if (request.method() !== 'PATCH') return route.fallback();
      const offset = Number(request.headers()['upload-offset']);
      if (cut && offset > 0) return route.abort();
      offsets.push(offset);
      return route.fallback();
    },
  );
  await choose(page, [{ name: 'plan.zip', mimeType: 'application/zip', buffer: Buffer.alloc(20_000_000, 'PK\x03\x04 a plan of the house') }]);
  await tray.getByText('plan.zip').waitFor();
  await tray.getByText('No connection. It goes on by itself.').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await bubble('plan.zip').getByRole('progressbar', { name: 'Uploading plan.zip' }).waitFor();
  await shot(page, 'media-uploading');
  await page.reload();
  await bubble('plan.zip').waitFor();
  cut = false;
  await bubble('plan.zip').getByRole('img', { name: 'Sent', exact: true }).waitFor({ timeout: 60_000 });
  assert.equal(announced, 1, 'one upload');
  assert.equal(offsets.filter((offset) => offset === 0).length, 1, 'no part twice');
  assert.equal(await bubble('plan.zip').count(), 1);
  await until(() => sentAs('document').length, 1);
  await close(CUT);
});

test('what the server refuses is told once, where it is', async () => {
  const { id } = await customer('Refused One');
  const { context, page, tray, bubble, close } = await opened(id);
  const problem = { type: 'about:blank', title: 'x', status: 413, detail: 'x', code: 'too_large', request_id: 'x' };
  await context.route(
    (url) => url.pathname === '/api/v1/files',
    (route) => route.fulfill({ status: 413, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  const said = page.getByText('The server does not take files of this size.');
  await choose(page, [picture('vast.png')]);
  await tray.filter({ has: said }).waitFor();
  assert.equal(await said.count(), 1);
  await checkAccess(page, 'refused upload');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const alert = page.getByRole('article').getByRole('alert');
  await until(() => alert.locator('span').first().innerText(), 'Not sent · The server does not take files of this size.');
  assert.deepEqual([await said.count(), await page.getByText(/^Not sent/).count()], [1, 1]);
  await checkAccess(page, 'refused upload sent');
  await alert.getByRole('button', { name: 'Edit' }).click();
  await tray.getByText('vast.png').waitFor();
  await alert.waitFor({ state: 'detached' });
  await tray.getByRole('button', { name: 'Remove vast.png' }).click();
  assert.equal(await bubble('vast.png').count(), 0);
  await close(CUT);
});

test('an upload is given up, and nothing is sent', async () => {
  const { id } = await customer('Given Up');
  const { context, page, tray, bubble, close } = await opened(id);
  const before = graph.sent.length;
  await context.route(
    (url) => /\/api\/v1\/files\/[^/]+$/.test(url.pathname),
    (route) => (route.request().method() === 'PATCH' ? route.abort() : route.fallback()),
  );
  await choose(page, [picture('never.png')]);
  await tray.getByText('never.png').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const mine = page.getByRole('article').filter({ has: page.getByRole('button', { name: 'Don’t send' }) });
  await mine.getByRole('button', { name: 'Don’t send' }).click();
  await mine.waitFor({ state: 'detached' });
  await page.reload();
  await bubble('A question').waitFor();
  assert.equal(await page.getByRole('region', { name: 'Messages', exact: true }).getByRole('article').count(), 1);
  assert.equal(graph.sent.length, before);
  await close(CUT);
});

test('a voice is recorded, listened to and sent', async () => {
  const { id } = await customer('Spoken To');
  const { context, page, thread, close } = await opened(id, { args: MICROPHONE });
  await context.grantPermissions(['microphone']);
  await page.getByRole('button', { name: 'Record a voice message' }).click();
  await page.getByText('0:01').waitFor();
  await accessible(page, 'recording');
  await page.getByRole('button', { name: 'Stop and listen' }).click();
  await page.getByRole('button', { name: 'Send the recording' }).waitFor();
  await accessible(page, 'recorded');
  await page.getByRole('button', { name: 'Send the recording' }).click();
  const mine = thread.getByRole('article').last();
  await mine.getByRole('slider', { name: 'Place in the recording' }).waitFor();
  await mine.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await until(() => sentAs('audio').length, 1);
  await mine.getByRole('button', { name: /^Play/ }).click();
  await mine.getByRole('button', { name: /^Pause/ }).waitFor();
  // It goes on while another conversation is open, and can be ended there.
  const { id: other } = await customer('Somebody Else');
  await page.getByRole('list', { name: 'Conversations' }).getByText('Somebody Else').click();
  await page.waitForURL(`**/inbox/${other}`);
  const bar = page.getByRole('group', { name: 'Recording that is playing' });
  await bar.waitFor();
  await bar.getByRole('button', { name: 'Stop' }).click();
  await bar.waitFor({ state: 'detached' });
  await close();
});

test('a voice for Messenger is one that Messenger plays', async () => {
  const at = Date.now();
  await server.post('meta', {
    object: 'page',
    entry: [{ id: '108502223344556', time: at, messaging: [{ sender: { id: '7001' }, recipient: { id: '108502223344556' }, timestamp: at, message: { mid: 'm_voice', text: 'On Messenger' } }] }],
  });
  const { items } = await server.until('/conversations?status=all', (list) => list.items.some(({ channel }) => channel.kind === 'messenger'));
  const { id } = items.find(({ channel }) => channel.kind === 'messenger');
  const { context, page, thread, close } = await opened(id, { args: MICROPHONE });
  await context.grantPermissions(['microphone']);
  const uploaded = page.waitForResponse((response) => /\/api\/v1\/files\/[^/]+$/.test(response.url()) && response.request().method() === 'PATCH');
  await page.getByRole('button', { name: 'Record a voice message' }).click();
  await page.getByText('0:01').waitFor();
  await page.getByRole('button', { name: 'Stop and listen' }).click();
  await page.getByRole('button', { name: 'Send the recording' }).click();
  const file = await (await uploaded).json();
  assert.deepEqual([file.state, file.mime_type], ['ready', 'audio/mp4']);
  const mine = thread.getByRole('article').last();
  await mine.getByRole('slider', { name: 'Place in the recording' }).waitFor();
  await mine.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  assert.equal(sentAs('audio').filter(({ to }) => to === '7001').length, 1);
  await close();
});

test('without a microphone it says what to do', async () => {
  const { id } = await customer('Silent One');
  const { page, close } = await opened(id);
  await page.getByRole('button', { name: 'Record a voice message' }).click();
  await page.getByRole('alert').filter({ hasText: /microphone/i }).waitFor();
  await checkAccess(page, 'no microphone');
  await page.getByRole('group', { name: 'Record a voice message' }).getByRole('button', { name: 'Close' }).click();
  await close();
});

test('pictures are looked at in full, one after another', async () => {
  const { id } = await customer('Looked At');
  const { page, tray, thread, close } = await opened(id);
  await choose(page, [picture('one.png', 800, 500), picture('two.png', 300, 600, [150, 60, 30])]);
  await tray.getByRole('listitem').nth(1).waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const first = thread.getByRole('button', { name: 'Look at one.png' });
  await thread.getByRole('button', { name: 'Look at two.png' }).waitFor();
  await first.focus();
  await page.keyboard.press('Enter');
  const box = page.getByRole('dialog', { name: /^Look at/ });
  await box.getByText('1 of 2').waitFor();
  await page.keyboard.press('ArrowRight');
  await box.getByText('2 of 2').waitFor();
  await checkAccess(page, 'lightbox');
  const image = box.getByRole('img', { name: 'two.png' });
  const before = await image.boundingBox();
  await box.getByRole('button', { name: 'Rotate' }).click();
  await until(async () => (await image.boundingBox()).width > (await image.boundingBox()).height, true);
  await box.getByRole('button', { name: 'Larger' }).click();
  await until(async () => (await image.boundingBox()).height > before.width, true);
  await shot(page, 'media-lightbox');
  const [download] = await Promise.all([page.waitForEvent('download'), box.getByRole('link', { name: 'Download' }).click()]);
  assert.equal(download.suggestedFilename(), 'two.png');
  await page.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
  await until(() => first.evaluate((element) => document.activeElement === element), true);
  await close();
});

test('outside of the window a template is found, filled and sent', async () => {
  const old = String(Math.floor(Date.now() / 1000) - 30 * 3600);
  const { id } = await customer('Ayşe Templated', { timestamp: old });
  const conversation = await server.call('GET', `/conversations/${id}`);
  await server.call('POST', `/channels/${conversation.channel.id}/templates/sync`);
  await server.until(`/channels/${conversation.channel.id}/templates`, ({ items }) => items.length > 0);
  const { page, bubble, close } = await opened(id);
  await page.getByText('WhatsApp now takes only approved templates').waitFor();
  await page.keyboard.press('t');
  const search = page.getByRole('searchbox', { name: 'Search templates' });
  await until(() => search.evaluate((element) => document.activeElement === element), true);
  await page.keyboard.type('order');
  await page.getByRole('button', { name: /^order_ready/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const send = page.getByRole('button', { name: 'Send template' });
  assert.ok(await send.isDisabled(), 'nothing goes with an empty place');
  await page.getByLabel('Text: 1').fill('Ayşe');
  await page.getByLabel('Text: 2').fill('table');
  await page.getByRole('region', { name: 'As the customer will see it' }).getByText('Hello Ayşe, your table is ready.').waitFor();
  await page.getByText('Utility. As a rule Meta charges for it when it is delivered: the customer did not write in the last 24 hours.').waitFor();
  await accessible(page, 'template');
  await page.setViewportSize({ width: 390, height: 844 });
  await checkAccess(page, 'template phone');
  await shot(page, 'media-template-phone');
  await page.setViewportSize({ width: 1440, height: 900 });
  await send.click();
  await bubble('your table is ready').getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await until(() => sentAs('template').map(({ template }) => template.name), ['order_ready']);
  await bubble('your table is ready').getByText('Template · Utility · charged on delivery').waitFor();
  await close();
});

test('a message is reacted to, and the reaction taken back', async () => {
  const { id } = await customer('Reacted To');
  const { page, bubble, close } = await opened(id);
  await page.getByRole('textbox', { name: 'Reply', exact: true }).waitFor();
  const theirs = bubble('A question');
  await theirs.hover();
  await theirs.getByRole('button', { name: 'React to this message' }).click();
  await page.getByRole('button', { name: 'React with 👍' }).waitFor();
  await checkAccess(page, 'reactions');
  await shot(page, 'media-reactions');
  await page.getByRole('button', { name: 'React with 👍' }).click();
  await theirs.getByRole('img', { name: '👍 from Your business' }).waitFor();
  await until(() => sentAs('reaction').at(-1)?.emoji, '👍');
  await theirs.getByRole('button', { name: 'React to this message' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Take back 👍' }).click();
  await theirs.getByRole('img', { name: '👍 from Your business' }).waitFor({ state: 'detached' });
  await until(() => sentAs('reaction').at(-1)?.emoji, '');
  await close();
});

test('a file that could not be fetched is asked for again', async () => {
  const { id, from } = await customer('Lost File');
  await server.receives({ from, name: 'Lost File', message: { type: 'document', timestamp: String(Math.floor(Date.now() / 1000)), document: { id: '404404', mime_type: 'application/pdf', filename: 'Receipt.pdf' } } });
  const { page, bubble, close } = await opened(id);
  const lost = bubble('Receipt.pdf');
  await lost.getByText(/^Could not be fetched/).waitFor({ timeout: 60_000 });
  await checkAccess(page, 'failed file');
  const [asked] = await Promise.all([page.waitForRequest((request) => request.url().endsWith('/fetch') && request.method() === 'POST'), lost.getByRole('button', { name: 'Try again' }).click()]);
  assert.match(asked.url(), /\/api\/v1\/attachments\/[^/]+\/fetch$/);
  await close();
});

test('somebody is written to first', async () => {
  const known = await customer('Known One');
  const { id } = await customer('Looked At Meanwhile');
  const { page, close } = await opened(id);
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'New conversation' });
  await dialog.getByText('Text', { exact: true }).click();
  await dialog.getByLabel('Phone number').fill('0532 000 11 22');
  await dialog.getByLabel('Message').fill('Good day');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.getByText('Write the number with its country code.').waitFor();
  await accessible(page, 'write first');
  // Somebody who never wrote takes templates only.
  await dialog.getByLabel('Phone number').fill('+90 532 000 11 22');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.getByText(/WhatsApp then takes templates only/).waitFor();
  await dialog.getByLabel('Phone number').fill(`+${known.from}`);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.waitForURL((url) => url.pathname.endsWith(known.id));
  await close(CUT);
});

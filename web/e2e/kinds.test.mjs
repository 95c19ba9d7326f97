// What is more than a text: filled in, seen before, sent as what it is, and shown as what was sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkAccess, closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { openGraph } from './graph.mjs';
import { startServer } from './server.mjs';

let server;
let graph;
before(async () => {
  graph = await openGraph();
  server = await startServer({ GRAPH_API_URL: graph.url, WHATSAPP_ACCESS_TOKEN: 'e2e', META_ACCESS_TOKEN: 'e2e' });
  await server.receives({ from: '905328900000', name: 'First Of All', text: 'Hello' });
  const { items } = await server.until('/channels', (list) => list.items.some(({ kind }) => kind === 'whatsapp'));
  for (const { id } of items) await server.call('PATCH', `/channels/${id}`, { confirmed: true });
});
after(async () => {
  await closeBrowsers();
  graph?.close();
  await server?.stop();
});

let people = 0;
async function opened(name) {
  const from = `90532890${String((people += 1)).padStart(4, '0')}`;
  await server.receives({ from, name, message: { type: 'text', text: { body: 'A question' }, timestamp: String(Math.floor(Date.now() / 1000)) } });
  const { items } = await server.until(`/conversations?status=all&q=${encodeURIComponent(name)}`, (list) => list.items.length === 1);
  const browser = await openBrowser(server);
  await browser.context.addInitScript(() => location.origin !== 'null' && localStorage.setItem('sb-undo-send', 'off'));
  await signIn(browser.page, { to: `/inbox/${items[0].id}` });
  const { page } = browser;
  await page.getByRole('textbox', { name: 'Reply', exact: true }).waitFor();
  return {
    ...browser,
    id: items[0].id,
    /** A message of the thread. */
    bubble: (text) => page.getByRole('region', { name: 'Messages', exact: true }).getByRole('article').filter({ hasText: text }),
    async insert(kind) {
      await page.getByRole('button', { name: 'Insert', exact: true }).click();
      await page.getByRole('menuitem', { name: kind, exact: true }).click();
      const form = page.getByRole('form', { name: kind, exact: true });
      await form.waitFor();
      return { form, field: (label) => form.getByLabel(label, { exact: true }), send: form.getByRole('button', { name: 'Send', exact: true }) };
    },
  };
}

const sent = (type, to) => graph.sent.filter((one) => one.type === type && to(one.content));
const arrived = async (bubble) => bubble.getByRole('img', { name: 'Sent', exact: true }).waitFor();

test('a place of two pasted numbers goes as a location', async () => {
  const { page, bubble, insert, close } = await opened('Located One');
  const { field, send } = await insert('Location');
  assert.equal(await send.isDisabled(), true);
  // The field has the focus, though the menu that led here had it before.
  await until(() => field('Latitude').evaluate((element) => document.activeElement === element), true);
  await field('Latitude').fill('41.0256, 28.9741');
  await field('Latitude').press('Tab');
  assert.equal(await field('Longitude').inputValue(), '28.9741');
  await field('Name of the place (optional)').fill('Galata Tower');
  await checkAccess(page, 'form location');
  await send.click();
  await page.getByRole('textbox', { name: 'Reply', exact: true }).waitFor();
  const mine = bubble('Galata Tower');
  await arrived(mine);
  await mine.getByText('41.02560, 28.97410').waitFor();
  assert.equal(await mine.count(), 1);
  const [{ content }] = sent('location', ({ name }) => name === 'Galata Tower');
  assert.deepEqual([content.latitude, content.longitude].map(Number), [41.0256, 28.9741]);
  await close();
});

test('a customer goes as a contact', async () => {
  const { page, bubble, insert, close } = await opened('Introduced One');
  const { form, field, send } = await insert('Contact');
  await field('Take from a customer').fill('First Of');
  await form.getByRole('button', { name: 'First Of All' }).click();
  await until(() => field('Name').inputValue(), 'First Of All');
  await field('Company (optional)').fill('The workshop');
  await checkAccess(page, 'form contact');
  await send.click();
  await arrived(bubble('The workshop'));
  const [{ content }] = sent('contacts', ([card]) => card.name.formatted_name === 'First Of All');
  assert.match(content[0].phones[0].phone.replaceAll(/\D/g, ''), /5328900000$/);
  await close();
});

test('buttons stand under the text that was begun, at most three', async () => {
  const { page, bubble, insert, close } = await opened('Asked One');
  await page.getByRole('textbox', { name: 'Reply', exact: true }).fill('Does oak suit you?');
  const { form, field, send } = await insert('Buttons');
  await until(() => field('Text').inputValue(), 'Does oak suit you?');
  await field('Button 1').fill('A title of far too many');
  await form.getByText('23 of 20').waitFor();
  assert.equal(await send.isDisabled(), true);
  await field('Button 1').fill('Yes');
  await field('Button 1').press('Enter');
  await until(() => field('Button 2').evaluate((element) => document.activeElement === element), true);
  await field('Button 2').fill('No');
  await field('Button 2').press('Enter');
  assert.equal(await form.getByRole('button', { name: 'Add a button' }).isDisabled(), true);
  await checkAccess(page, 'form buttons');
  await shot(page, 'kinds-buttons');
  await send.click();
  const mine = bubble('Does oak suit you?');
  await arrived(mine);
  assert.deepEqual(await mine.getByRole('list', { name: 'Buttons' }).getByRole('listitem').allInnerTexts(), ['Yes', 'No']);
  const [{ content }] = sent('interactive', ({ body }) => body.text === 'Does oak suit you?');
  assert.deepEqual(content.action.buttons.map(({ reply }) => reply.title), ['Yes', 'No']);
  assert.equal(await page.getByRole('textbox', { name: 'Reply', exact: true }).inputValue(), '');
  await close();
});

test('a list goes with its sections and rows, and a phone has room for its form', async () => {
  const { page, bubble, insert, close } = await opened('Listed One');
  const { form, field, send } = await insert('List');
  await field('Text').fill('Which table?');
  await field('Button that opens the list').fill('Tables');
  await field('Row 1').fill('Round');
  await field('Description of row 1 (optional)').fill('For six');
  await form.getByRole('button', { name: 'Add a row' }).click();
  await field('Row 2').fill('Square');
  await form.getByText('2 of 10 rows').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await checkAccess(page, 'form list phone');
  await shot(page, 'kinds-list-phone');
  await send.click();
  const mine = bubble('Which table?');
  await arrived(mine);
  await mine.getByText('For six').waitFor();
  const [{ content }] = sent('interactive', ({ body }) => body.text === 'Which table?');
  assert.equal(content.action.button, 'Tables');
  assert.deepEqual(content.action.sections.flatMap(({ rows }) => rows.map(({ title }) => title)), ['Round', 'Square']);
  await close();
});

test('a small WebP can go as a sticker, its text before it', async () => {
  const { page, bubble, close } = await opened('Stuck One');
  // One white point.
  const buffer = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
  await page.locator('[data-attach]').setInputFiles({ name: 'smile.webp', mimeType: 'image/webp', buffer });
  const choice = page.getByRole('button', { name: 'Send smile.webp as a sticker' });
  await choice.click();
  assert.equal(await choice.getAttribute('aria-pressed'), 'true');
  const area = page.getByRole('textbox', { name: 'Reply', exact: true });
  await area.fill('Well done');
  await area.press('Enter');
  await bubble('Well done').waitFor();
  await until(() => graph.sent.slice(-2).map(({ type }) => type), ['text', 'sticker']);
  await close();
});

test('a note is nothing but a note', async () => {
  const { page, close } = await opened('Noted One');
  await page.getByRole('button', { name: 'Insert', exact: true }).waitFor();
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note', exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Insert', exact: true }).count(), 0);
  await close();
});

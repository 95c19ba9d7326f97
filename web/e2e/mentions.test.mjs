// A colleague is named in a note: the list at the caret, the bell, the way to the note, and what survives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { accessible } from './desk.mjs';
import { seedUser } from './seed.mjs';
import { startServer } from './server.mjs';

const BOB = 'bob@example.test';

let server;
let conversation;
before(async () => {
  server = await startServer();
  await seedUser(server, { email: BOB, name: 'Bob Builder' });
  await seedUser(server, { email: 'bo@example.test', name: 'Bo Lee' });
  await server.receives({ from: '905321120001', name: 'Carla Customer', text: 'Can I have it in blue?' });
  const { items } = await server.until('/conversations', (list) => list.items.length === 1);
  conversation = items[0].id;
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

const noteOf = (page) => page.getByRole('textbox', { name: 'Note', exact: true });
const colleagues = (page) => page.getByRole('listbox', { name: 'Colleagues' });
const bell = (page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: /^Mentions/ });
const unread = (page, count) => until(() => bell(page).getAttribute('aria-label'), count === 0 ? 'Mentions' : `Mentions, ${count} unread`);
const panel = (page) => page.getByRole('dialog', { name: 'Mentions' });
const marks = (page, kind) => page.locator(`[data-thread] [data-mention=${kind}]`);

/** Ada, before the conversation and about to write a note. */
async function ada() {
  const browser = await openBrowser(server);
  await signIn(browser.page, { to: `/inbox/${conversation}` });
  await browser.page.getByRole('textbox', { name: 'Reply', exact: true }).waitFor();
  await browser.page.keyboard.press('Alt+p');
  await noteOf(browser.page).and(browser.page.locator(':focus')).waitFor();
  return browser;
}

async function bob(options) {
  const browser = await openBrowser(server, options);
  await signIn(browser.page, { email: BOB });
  await browser.page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().waitFor();
  return browser;
}

/** By REST, as Ada. */
async function names(text) {
  const { items } = await server.call('GET', '/users');
  const { id } = items.find((user) => user.email === BOB);
  return server.call('POST', `/conversations/${conversation}/messages`, { client_id: crypto.randomUUID(), text, internal: true, mentions: [id] });
}

test('picked by the keyboard, counted at once, found by a click, read in every tab', async () => {
  const [writer, reader] = [await ada(), await bob()];
  await unread(reader.page, 0);
  const field = noteOf(writer.page);
  await writer.page.keyboard.type('Please ask @bo');
  const options = colleagues(writer.page).getByRole('option');
  await until(() => options.locator('bdi').allInnerTexts(), ['Bo Lee', 'Bob Builder']);
  await accessible(writer.page, 'mention-list');
  await writer.page.keyboard.press('Escape');
  await colleagues(writer.page).waitFor({ state: 'detached' });
  await writer.page.keyboard.type('b');
  await until(() => options.locator('bdi').allInnerTexts(), ['Bob Builder']);
  await writer.page.keyboard.press('Backspace');
  await until(() => options.count(), 2);
  await writer.page.keyboard.press('ArrowDown');
  await options.nth(1).and(writer.page.locator('[aria-selected=true]')).waitFor();
  assert.equal(await field.getAttribute('aria-activedescendant'), await options.nth(1).getAttribute('id'));
  await writer.page.keyboard.press('Tab');
  await until(() => field.inputValue(), 'Please ask @Bob Builder ');
  assert.ok(await field.evaluate((element) => element === document.activeElement), 'one goes on typing');
  await writer.page.keyboard.type('about blue, not me@bo');
  assert.equal(await colleagues(writer.page).count(), 0, 'an address asks for nobody');
  await writer.page.keyboard.press('Enter');
  await until(() => marks(writer.page, 'other').allInnerTexts(), ['@Bob Builder']);
  await unread(writer.page, 0);

  await unread(reader.page, 1);
  await reader.page.getByRole('status').getByText('Mentions, 1 unread').waitFor({ state: 'attached' });
  const other = await reader.context.newPage();
  await other.goto('/board');
  await unread(other, 1);
  // A page behind another one draws seldom.
  await reader.page.bringToFront();
  await reader.page.reload();
  await unread(reader.page, 1);
  await bell(reader.page).click();
  const item = panel(reader.page).getByRole('link', { name: /Ada/i });
  await item.getByText('Please ask @Bob Builder about blue').waitFor();
  await accessible(reader.page, 'mentions');
  await item.click();
  await reader.page.waitForURL(`**/inbox/${conversation}?m=*`);
  await panel(reader.page).waitFor({ state: 'detached' });
  await until(() => marks(reader.page, 'own').allInnerTexts(), ['@Bob Builder']);
  await accessible(reader.page, 'mention-own');
  for (const page of [reader.page, other]) await unread(page, 0);
  await other.reload();
  await unread(other, 0);
  await writer.close();
  await reader.close();
});

test('what was written without a line names its colleague when it is back; all are read at once; a deleted note is empty', async () => {
  const [writer, reader] = [await ada(), await bob()];
  await unread(reader.page, 0);
  await writer.page.keyboard.type('@Bob B');
  await colleagues(writer.page).getByRole('option', { name: 'Bob Builder' }).waitFor();
  await writer.context.setOffline(true);
  await colleagues(writer.page).getByRole('option', { name: 'Bob Builder' }).click();
  await writer.page.keyboard.type('offline');
  await writer.page.keyboard.press('Enter');
  await writer.page.getByRole('article').getByText('offline').waitFor();
  await unread(reader.page, 0);
  await writer.context.setOffline(false);
  await unread(reader.page, 1);

  // A cut line of the reader: what came meanwhile is counted when it is back.
  await reader.context.setOffline(true);
  await reader.page.evaluate(() => dispatchEvent(new Event('offline')));
  const secret = await names('@Bob Builder a secret');
  await reader.context.setOffline(false);
  await unread(reader.page, 2);
  await bell(reader.page).click();
  await panel(reader.page).getByText('a secret').waitFor();
  await server.call('DELETE', `/messages/${secret.id}`);
  await panel(reader.page).getByText('a secret').waitFor({ state: 'detached' });
  await panel(reader.page).getByText('The note has no text any more.').waitFor();
  await panel(reader.page).getByRole('button', { name: 'Mark all as read' }).click();
  await unread(reader.page, 0);
  await reader.page.keyboard.press('Escape');
  await panel(reader.page).waitFor({ state: 'detached' });
  await bell(reader.page).and(reader.page.locator(':focus')).waitFor();
  await writer.close(['ERR_INTERNET_DISCONNECTED', 'WebSocket']);
  await reader.close(['ERR_INTERNET_DISCONNECTED', 'WebSocket']);
});

test('on a phone', async () => {
  await names('@Bob Builder on the road');
  const { page, close } = await bob({ viewport: { width: 320, height: 640 }, hasTouch: true });
  const place = page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: /Mentions/ });
  await until(() => place.innerText().then((text) => text.replace(/\s+/g, ' ')), '1 1 unread Mentions');
  await place.tap();
  await panel(page).getByText('on the road').waitFor();
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, 'nothing is too wide');
  await accessible(page, 'mentions-phone');
  await panel(page).getByRole('link', { name: /on the road/ }).tap();
  await page.waitForURL(`**/inbox/${conversation}?m=*`);
  await until(() => marks(page, 'own').last().innerText(), '@Bob Builder');
  await shot(page, 'mentions-phone-thread');
  await close();
});

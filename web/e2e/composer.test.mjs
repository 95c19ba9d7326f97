// Answering: what somebody sends is there at once, arrives once and in order, and is never lost or unseen when it does not.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { checkAccess, closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { NUMBER } from './desk.mjs';
import { openGraph } from './graph.mjs';
import { seedUser } from './seed.mjs';
import { startServer } from './server.mjs';

const BOB = 'bob@example.test';
const CUT = ['Failed to load resource', 'WebSocket connection'];

let server;
let graph;
before(async () => {
  graph = await openGraph();
  server = await startServer({ GRAPH_API_URL: graph.url, WHATSAPP_ACCESS_TOKEN: 'e2e', META_ACCESS_TOKEN: 'e2e' });
  await seedUser(server, { email: BOB, name: 'Bob Builder' });
  await server.receives({ from: '905328880000', name: 'First Of All', text: 'Hello' });
  const { items } = await server.until('/channels', (list) => list.items.length > 0);
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
/** A customer who has just written, and the conversation. */
async function customer(name, fields = {}) {
  const from = `90532888${String((people += 1)).padStart(4, '0')}`;
  // The window is that of now, not of the past that other tests play.
  await server.receives({ from, name, message: { type: 'text', text: { body: 'A question' }, timestamp: String(Math.floor(Date.now() / 1000)), ...fields } });
  const { items } = await server.until(`/conversations?status=all&q=${encodeURIComponent(name)}`, (list) => list.items.length === 1);
  return { id: items[0].id, from };
}

/** `hold`: with the moment in which a reply can be taken back. */
async function opened(id, { email, hold = false } = {}) {
  const browser = await openBrowser(server);
  // A new tab begins on a page of no origin, which has no storage.
  if (!hold) await browser.context.addInitScript(() => location.origin !== 'null' && localStorage.setItem('sb-undo-send', 'off'));
  await signIn(browser.page, { email, to: `/inbox/${id}` });
  const { page } = browser;
  const thread = page.getByRole('region', { name: 'Messages', exact: true });
  await thread.getByRole('article').first().waitFor();
  return { ...browser, thread, ...parts(page) };
}

const parts = (page) => ({
  area: page.getByRole('textbox', { name: 'Reply', exact: true }),
  /** A message of the thread. */
  bubble: (text) => page.getByRole('region', { name: 'Messages', exact: true }).getByRole('article').filter({ hasText: text }),
});

const arrived = (text) => graph.sent.filter((one) => one.text === text).length;
const kept = async (id, text) => (await server.call('GET', `/conversations/${id}/messages`)).items.filter((one) => one.text === text);
const send = async (area, text) => {
  await area.fill(text);
  await area.press('Enter');
};

/** What became of a message, as the platform tells it. */
async function tells(status, { id, to }) {
  await server.post('whatsapp', {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '329471260257418',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '908502223344', phone_number_id: NUMBER },
              statuses: [{ id, status, timestamp: String(Math.floor(Date.now() / 1000)), recipient_id: to }],
            },
          },
        ],
      },
    ],
  });
}

test('a reply is there at once, and its ticks follow', async () => {
  const { id } = await customer('Sent One');
  const { page, area, bubble, close } = await opened(id);
  await area.waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('The table is oak');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('and costs 300.');
  await page.keyboard.press('Enter');
  await until(() => area.inputValue(), '');
  const mine = bubble('The table is oak');
  await mine.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await until(() => mine.count(), 1);
  const [taken] = graph.sent.filter(({ text }) => text === 'The table is oak\nand costs 300.');
  assert.ok(taken, 'the platform has the text as it was written');
  for (const [status, name] of [
    ['delivered', 'Delivered'],
    ['read', 'Read'],
  ]) {
    await tells(status, taken);
    await mine.getByRole('img', { name, exact: true }).waitFor();
  }
  await checkAccess(page, 'composer');
  await shot(page, 'composer-sent');
  await close();
});

test('a quoted message goes along, by mouse and by keyboard', async () => {
  const { id } = await customer('Quoted One');
  const { page, area, bubble, close } = await opened(id);
  await bubble('A question').hover();
  await bubble('A question').getByRole('button', { name: 'Reply to this message' }).click();
  await until(() => area.evaluate((element) => document.activeElement === element), true);
  await page.getByRole('button', { name: 'Do not quote the message' }).click();
  await bubble('A question').getByRole('button', { name: 'Reply to this message' }).focus();
  await page.keyboard.press('Enter');
  await send(area, 'To that one');
  await until(() => arrived('To that one'), 1);
  assert.ok(graph.sent.at(-1).quoted, 'the platform knows what is answered');
  await close();
});

test('what the platform refuses says why, and trying again works', async () => {
  const { id } = await customer('Failed One');
  graph.answer = { message: 'Message undeliverable', code: 131026, error_data: { details: 'Nobody there' } };
  const { page, area, bubble, close } = await opened(id);
  await send(area, 'Can you read this?');
  const mine = bubble('Can you read this?');
  await mine.getByText('The number can’t be reached on WhatsApp.').waitFor();
  await checkAccess(page, 'composer failed');
  graph.answer = 'ok';
  await mine.getByRole('button', { name: 'Try again' }).click();
  await mine.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  assert.equal(arrived('Can you read this?'), 1);
  await close();
});

test('where the answer of the platform was lost, a person decides', async () => {
  const { id } = await customer('Uncertain One');
  graph.answer = 'lost';
  const { page, area, bubble, close } = await opened(id);
  await send(area, 'Did it arrive?');
  const mine = bubble('Did it arrive?');
  await mine.getByText('It is not known whether this arrived.').waitFor();
  assert.equal(arrived('Did it arrive?'), 1, 'it is not sent twice by itself');
  graph.answer = 'ok';
  await mine.getByRole('button', { name: 'Send again', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send again', exact: true }).click();
  await mine.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  assert.equal(arrived('Did it arrive?'), 2);
  graph.answer = 'lost';
  await send(area, 'Never mind');
  await bubble('Never mind').getByRole('button', { name: 'Don’t send again' }).click();
  await bubble('Never mind').waitFor({ state: 'detached' });
  await close();
});

test('offline it waits, and goes in order when the line is back', async () => {
  const { id } = await customer('Offline One');
  const { context, page, area, bubble, close } = await opened(id);
  await context.setOffline(true);
  for (const text of ['first in the tunnel', 'second in the tunnel']) await send(area, text);
  await bubble('first in the tunnel').getByText('Not sent yet.').waitFor();
  await shot(page, 'composer-offline');
  await context.setOffline(false);
  await until(() => graph.sent.filter(({ text }) => text.endsWith('in the tunnel')).map(({ text }) => text), ['first in the tunnel', 'second in the tunnel']);
  await bubble('second in the tunnel').getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await until(() => bubble('in the tunnel').count(), 2);
  await close(CUT);
});

test('an unsent message survives the page, and an answer that was lost makes no second one', async () => {
  const { id } = await customer('Reloaded One');
  const { context, page, area, bubble, close } = await opened(id);
  const messages = (url) => url.pathname.endsWith(`/conversations/${id}/messages`);
  let lost = 0;
  await context.route(messages, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    // The server has it, and this page never hears so.
    await route.fetch();
    lost += 1;
    return route.abort();
  });
  await send(area, 'Once and for all');
  await until(() => lost > 0, true);
  await page.reload();
  await bubble('Once and for all').waitFor();
  await context.unroute(messages);
  await until(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('sb.outbox.')).length), 0);
  await bubble('Once and for all').getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await until(() => bubble('Once and for all').count(), 1);
  assert.equal((await kept(id, 'Once and for all')).length, 1);
  assert.equal(arrived('Once and for all'), 1);
  await close(CUT);
});

test('of two tabs one sends, and both show it once', async () => {
  const { id } = await customer('Two Tabs');
  const { context, page, area, bubble, close } = await opened(id);
  const other = await context.newPage();
  await other.goto(`/inbox/${id}`);
  const there = parts(other);
  await there.bubble('A question').waitFor();
  await page.bringToFront();
  await context.setOffline(true);
  await send(area, 'From one of two');
  await there.bubble('From one of two').waitFor();
  await bubble('From one of two').getByText('Not sent yet.').waitFor();
  await context.setOffline(false);
  await until(() => arrived('From one of two'), 1);
  for (const one of [bubble, there.bubble]) {
    await one('From one of two').getByRole('img', { name: 'Sent', exact: true }).waitFor();
    assert.equal(await one('From one of two').count(), 1);
  }
  assert.equal((await kept(id, 'From one of two')).length, 1);
  await close(CUT);
});

test('a note is for colleagues only', async () => {
  const { id } = await customer('Noted One');
  const [ada, bob] = [await opened(id), await opened(id, { email: BOB })];
  await ada.area.waitFor();
  await ada.page.keyboard.press('Alt+p');
  const note = ada.page.getByRole('textbox', { name: 'Note', exact: true });
  await until(() => note.evaluate((element) => document.activeElement === element), true);
  await checkAccess(ada.page, 'note');
  await send(note, 'He always haggles');
  await bob.bubble('He always haggles').getByText('Internal note').waitFor();
  assert.equal(arrived('He always haggles'), 0);
  assert.equal(await bob.bubble('He always haggles').getByRole('button', { name: 'Delete note' }).count(), 0, 'only its author deletes it');
  await ada.bubble('He always haggles').hover();
  await ada.bubble('He always haggles').getByRole('button', { name: 'Delete note' }).click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete note' }).click();
  for (const one of [ada, bob]) await one.bubble('He always haggles').waitFor({ state: 'detached' });
  await ada.close();
  await bob.close();
});

test('a draft is on the other device, but not where somebody types', async () => {
  const { id } = await customer('Drafted One');
  const [desk, phone] = [await opened(id), await opened(id)];
  await desk.area.fill('Begun at the desk');
  await until(() => phone.area.inputValue(), 'Begun at the desk');
  await desk.page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').filter({ hasText: 'Drafted One' }).getByText('Draft ·', { exact: true }).waitFor();
  // What the phone types is not saved yet when the desk's next text comes.
  await phone.context.route((url) => url.pathname.includes('/drafts/'), (route) => route.abort());
  await phone.area.fill('Typed on the phone');
  await desk.area.fill('Typed at the desk');
  await server.until(`/conversations/${id}/drafts`, ({ items }) => items.some(({ text }) => text === 'Typed at the desk'));
  await phone.page.waitForTimeout(500);
  assert.equal(await phone.area.inputValue(), 'Typed on the phone');
  await phone.close(CUT);
  // Sent, it is gone everywhere.
  const again = await opened(id);
  await until(() => again.area.inputValue(), 'Typed at the desk');
  await send(desk.area, 'Sent from the desk');
  await until(() => again.area.inputValue(), '');
  await server.until(`/conversations/${id}/drafts`, ({ items }) => items.length === 0);
  await again.close();
  await desk.close();
});

test('whoever has not seen a colleague’s answer is asked before sending', async () => {
  const { id } = await customer('Stale One');
  const { page, area, bubble, close } = await opened(id, { email: BOB, hold: true });
  // Written before the colleague's answer; it goes after it.
  await send(area, 'It is 300');
  await server.call('POST', `/conversations/${id}/messages`, { client_id: 'stale-1', text: 'It is 250' });
  const dialog = page.getByRole('dialog', { name: /answered meanwhile$/ });
  await dialog.getByText('It is 250').waitFor();
  await checkAccess(page, 'newer reply');
  await dialog.getByRole('button', { name: 'Back to editing' }).click();
  await until(() => area.inputValue(), 'It is 300');
  assert.equal(arrived('It is 300'), 0);
  await send(area, 'It is 250 indeed');
  await until(() => arrived('It is 250 indeed'), 1);
  await send(area, 'With delivery');
  await server.call('POST', `/conversations/${id}/messages`, { client_id: 'stale-2', text: 'Delivery is free' });
  await dialog.getByRole('button', { name: 'Send anyway' }).click();
  await until(() => arrived('With delivery'), 1);
  await bubble('With delivery').getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await close(CUT);
});

test('what is scheduled shows its time, and can be taken back', async () => {
  const { id } = await customer('Scheduled One');
  const { page, area, bubble, close } = await opened(id);
  await area.fill('Good morning');
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByRole('menuitem', { name: /^In 1 hour/ }).click();
  const mine = bubble('Good morning');
  await mine.getByText(/^Will be sent/).waitFor();
  await mine.getByRole('button', { name: 'Take back' }).click();
  await mine.waitFor({ state: 'detached' });
  await until(() => area.inputValue(), 'Good morning');
  assert.equal(arrived('Good morning'), 0);
  await close();
});

test('for five seconds it can be taken back, and a tab that is closed loses nothing', async () => {
  const { id } = await customer('Undone One');
  const { context, page, area, bubble, close } = await opened(id, { hold: true });
  await send(area, 'Too hasty');
  await bubble('Too hasty').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await until(() => area.inputValue(), 'Too hasty');
  await bubble('Too hasty').waitFor({ state: 'detached' });
  await send(area, 'Not too hasty');
  await page.close();
  const next = await context.newPage();
  await next.goto('/board');
  await until(() => arrived('Not too hasty'), 1);
  assert.equal(arrived('Too hasty'), 0);
  assert.equal((await kept(id, 'Not too hasty')).length, 1);
  await close();
});

test('outside of the window it says so, and is sent only if somebody insists', async () => {
  const old = String(Math.floor(Date.now() / 1000) - 30 * 3600);
  const { id } = await customer('Late One', { timestamp: old });
  const { page, area, close } = await opened(id);
  await page.getByText('WhatsApp now takes only approved templates').waitFor();
  assert.equal(await area.count(), 0, 'the templates stand in its place');
  await checkAccess(page, 'closed window');
  await page.getByRole('button', { name: 'Send anyway' }).click();
  await send(area, 'Are you still interested?');
  await until(() => arrived('Are you still interested?'), 1);
  await close();
});

test('who may not answer reads why', async () => {
  const { id } = await customer('Adas Own');
  const ada = await server.call('GET', '/auth/me');
  await server.call('PATCH', `/conversations/${id}`, { assignee_id: ada.id });
  const { page, area, close } = await opened(id, { email: BOB });
  await page.getByText(/answers this conversation/).waitFor();
  assert.equal(await area.count(), 0);
  await close();
});

test('saved replies are made on their page and put in with a slash', async () => {
  const { id } = await customer('Slash Customer');
  const { page, area, close } = await opened(id);
  await page.goto('/settings/replies');
  await page.getByRole('button', { name: 'New reply' }).click();
  await page.getByLabel('Name', { exact: true }).fill('hours');
  await page.getByLabel('Text', { exact: true }).fill('Dear {{customer.first_name}}, we are open from 9 to 18.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('list', { name: 'Saved replies' }).getByText('/hours').waitFor();
  await checkAccess(page, 'saved replies');
  await page.goto(`/inbox/${id}`);
  await area.fill('Hello. ');
  await area.press('End');
  await page.keyboard.type('/ho');
  await page.getByRole('option', { name: /hours/ }).waitFor();
  await checkAccess(page, 'slash');
  await page.keyboard.press('Enter');
  await until(() => area.inputValue(), 'Hello. Dear Slash, we are open from 9 to 18.');
  await close();
});

test('in both looks and on a phone', async () => {
  const { id } = await customer('Looked At');
  const { page, area, close } = await opened(id);
  await area.fill('x'.repeat(4_097));
  await page.getByText('1 too many').waitFor();
  for (const [name, colorScheme, viewport] of [
    ['dark', 'dark', { width: 1440, height: 900 }],
    ['phone', 'light', { width: 390, height: 844 }],
  ]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
    await shot(page, `composer-${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name}: nothing is cut off or scrolls sideways`);
    if (name === 'dark') await checkAccess(page, `composer ${name}`);
  }
  await close();
});

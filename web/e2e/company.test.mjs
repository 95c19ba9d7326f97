// Several people and several tabs: who is there, who may what, what calls one back, and what one finds by the keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { seedMessages, seedUser } from './seed.mjs';
import { startServer } from './server.mjs';

const BOB = 'bob@example.test';

let server;
before(async () => {
  server = await startServer();
  await seedUser(server, { email: BOB, name: 'Bob Builder' });
  await server.receives({ from: '905321110001', name: 'Carla Customer', text: 'Is anybody there?' });
  await server.until('/conversations', (list) => list.items.length === 1);
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

const browser = () => openBrowser(server);
const list = (page) => page.getByRole('list', { name: 'Conversations' });
const row = (page, name) => list(page).getByText(name, { exact: true });

async function idOf(name) {
  const { items } = await server.until(`/conversations?status=all&q=${encodeURIComponent(name)}`, (found) => found.items.length === 1);
  return items[0].id;
}

/** One customer with one message, and the conversation's id. */
async function customer(from, name, text = 'Hello') {
  await server.receives({ from, name, text });
  return idOf(name);
}

/** The list is there, and with it whatever comes by the socket. */
async function isLive(page) {
  await list(page).getByRole('listitem').first().waitFor();
}

test('colleagues see who looks at the same conversation, and who is typing', async () => {
  const id = await idOf('Carla');
  const [ada, bob] = [await browser(), await browser()];
  await signIn(ada.page, { to: `/inbox/${id}` });
  await signIn(bob.page, { email: BOB, to: `/inbox/${id}` });
  const company = (page) => page.getByRole('main').getByRole('img', { name: /^Also viewing/ });
  await company(ada.page).waitFor();
  await company(bob.page).waitFor();
  assert.equal(await company(ada.page).innerText(), 'BB', 'the colleague, and not oneself');

  // As an app with a composer does: on Bob's session, by a socket of its own.
  await bob.page.evaluate(
    (room) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/realtime`, 'switchboard.v1');
        globalThis.typist = socket;
        socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', rooms: [room] }));
        socket.onmessage = ({ data }) => {
          if (JSON.parse(data).type !== 'welcome') return;
          socket.send(JSON.stringify({ type: 'signal', room, name: 'typing.started' }));
          resolve();
        };
      }),
    `conversation:${id}`,
  );
  await ada.page.getByText('Bob Builder is typing').waitFor();
  await shot(ada.page, 'company-typing');
  assert.equal(await bob.page.getByText('Bob Builder is typing').count(), 0, 'nobody is told of himself');
  await bob.page.evaluate((room) => globalThis.typist.send(JSON.stringify({ type: 'signal', room, name: 'typing.stopped' })), `conversation:${id}`);
  await ada.page.getByText('Bob Builder is typing').waitFor({ state: 'detached' });

  await bob.page.evaluate(() => globalThis.typist.close());
  await bob.page.keyboard.press('g');
  await bob.page.keyboard.press('p');
  await bob.page.waitForURL('**/profile');
  await company(ada.page).waitFor({ state: 'detached' });
  await ada.close();
  await bob.close();
});

test('who may less sees no more than that, by no way', async () => {
  const { page, close } = await browser();
  await signIn(page, { email: BOB });
  await isLive(page);
  const rail = page.getByRole('navigation', { name: 'Pages' }).first();
  await rail.getByRole('link', { name: 'Board', exact: true }).waitFor();
  assert.equal(await rail.getByRole('link', { name: /deliveries/i }).count(), 0);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await palette.getByRole('option', { name: /^Board/ }).waitFor();
  await palette.getByRole('combobox').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('deliveries');
  await palette.getByText('Nothing found for').waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  // The pages that are his ask for nothing that is not.
  await row(page, 'Carla Customer').click();
  await page.getByRole('main').getByText('Is anybody there?').first().waitFor();
  await rail.getByRole('link', { name: 'Board', exact: true }).click();
  await page.locator('[data-card]').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  assert.match(page.url(), /board/);
  await page.goto('/settings/deliveries');
  await page.getByText('Only for administrators').or(page.getByRole('heading', { name: /administrators/i })).first().waitFor();
  await rail.getByRole('link', { name: 'Board', exact: true }).waitFor();
  await shot(page, 'company-forbidden');
  // A refused request would be in the console.
  await close();
});

/** Counts what would be shown and heard, and who asks for it. */
async function countAlerts(context) {
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    globalThis.alerts = { shown: [], tones: 0 };
    globalThis.Notification = class {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      constructor(title, options) {
        globalThis.alerts.shown.push({ title, ...options });
        globalThis.alerts.last = this;
      }
      close() {}
    };
    globalThis.AudioContext = class {
      currentTime = 0;
      destination = null;
      async resume() {
        globalThis.alerts.tones += 1;
        throw new Error('no loudspeaker');
      }
    };
    Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: true, isActive: true } });
    // All tabs of a headless browser believe that they are looked at.
    document.hasFocus = () => globalThis.looking === true;
  });
}

const alertsOf = (page) => page.evaluate(() => globalThis.alerts);
async function eventually(look, done) {
  for (let turn = 0; ; turn += 1) {
    const seen = await look();
    if (done(seen)) return seen;
    assert.ok(turn < 150, `it never came to that: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);

test('one of two tabs calls back, with the number in both titles, and a click opens the conversation there', async () => {
  const { context, page, close } = await browser();
  await countAlerts(context);
  await signIn(page);
  const other = await context.newPage();
  await other.goto('/board');
  await other.getByRole('main').waitFor();
  await page.bringToFront();
  await isLive(page);
  const before = (await server.call('GET', '/conversations/counts')).unread;

  const id = await customer('905321110002', 'Nadia Notify', 'Are you open today?');
  for (const tab of [page, other]) await tab.waitForFunction((n) => document.title.startsWith(`(${n}) `), before + 1);
  assert.match(await page.locator('link[rel="icon"]').getAttribute('href'), /unread/);
  const total = async () => {
    const told = await Promise.all([page, other].map(alertsOf));
    return { shown: told.flatMap(({ shown }) => shown), tones: sum(told.map(({ tones }) => tones)) };
  };
  const told = await eventually(total, ({ shown, tones }) => shown.length > 0 && tones > 0);
  assert.deepEqual(told.shown.map(({ title, body, tag }) => ({ title, body, tag })), [{ title: 'Nadia Notify', body: 'Are you open today?', tag: id }]);
  assert.equal(told.tones, 1);

  const [leader] = (await alertsOf(page)).shown.length > 0 ? [page] : [other];
  await leader.evaluate(() => globalThis.alerts.last.onclick());
  await leader.waitForURL(`**/inbox/${id}**`);
  await leader.getByRole('main').getByText('Are you open today?').first().waitFor();
  assert.equal(await leader.evaluate(() => globalThis.alerts.shown.length), 1, 'the page was not loaded anew');

  // Somebody looks at it in the one tab: neither calls.
  await page.goto(`/inbox/${id}`);
  await page.evaluate(() => (globalThis.looking = true));
  await page.getByRole('main').getByText('Are you open today?').first().waitFor();
  const quiet = await total();
  await server.receives({ from: '905321110002', name: 'Nadia Notify', text: 'I see you are' });
  await page.getByRole('main').getByText('I see you are').first().waitFor();
  await server.receives({ from: '905321110003', name: 'Otto Other', text: 'And me?' });
  const called = ({ shown }) => shown.map(({ title }) => title);
  const later = await eventually(total, (all) => called(all).includes('Otto Other'));
  assert.equal(called(later).filter((title) => title === 'Nadia Notify').length, called(quiet).filter((title) => title === 'Nadia Notify').length, 'no call for what somebody looks at');
  // The tab that calls goes; the other one takes its place.
  await other.close();
  await page.evaluate(() => (globalThis.looking = false));
  await server.receives({ from: '905321110003', name: 'Otto Other', text: 'Still me' });
  await page.waitForFunction(() => globalThis.alerts.shown.some(({ body }) => body === 'Still me'));
  await close();
});

test('the unread divider stays where it was while one reads', async () => {
  const id = await customer('905321110050', 'Uma Unread', 'First line');
  await seedMessages(server, id, 30);
  const { page, close } = await browser();
  await signIn(page, { to: `/inbox/${id}` });
  const thread = page.getByRole('main');
  await thread.getByText('First line').first().waitFor();
  await server.until(`/conversations/${id}`, (conversation) => conversation.unread_count === 0);
  await page.goto('/profile');
  for (const text of ['Second line', 'Third line']) await server.receives({ from: '905321110050', name: 'Uma Unread', text });
  await server.until(`/conversations/${id}`, (conversation) => conversation.unread_count === 2);
  await page.goto(`/inbox/${id}`);
  const divider = thread.getByText('New messages', { exact: true });
  await divider.waitFor();
  await server.until(`/conversations/${id}`, (conversation) => conversation.unread_count === 0);
  await server.receives({ from: '905321110050', name: 'Uma Unread', text: 'Fourth line' });
  await thread.getByText('Fourth line').first().waitFor();
  // In one look: the thread may be on its way to the new line.
  const order = () => thread.getByText(/^(First line|New messages|Second line)$/).evaluateAll((lines) => {
    const top = (line) => line.getBoundingClientRect().top;
    return lines.filter((line) => line.closest('[data-thread]')).sort((a, b) => top(a) - top(b)).map((line) => line.textContent);
  });
  await until(order, ['First line', 'New messages', 'Second line']);
  await shot(page, 'company-divider');
  await close();
});

test('the palette by keyboard alone', async () => {
  const { page, close } = await browser();
  await signIn(page);
  await isLive(page);
  await row(page, 'Carla Customer').click();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  const input = palette.getByRole('combobox');
  await palette.getByRole('option').first().waitFor();
  const marked = (name) => palette.locator('[role=option][data-highlighted]').filter({ hasText: name });
  const [first, second] = (await palette.getByRole('option').allInnerTexts()).map((text) => text.split('\n')[0]);
  await marked(first).waitFor();
  await page.keyboard.press('ArrowDown');
  await marked(second).waitFor();
  await page.keyboard.press('ArrowUp');
  await marked(first).waitFor();
  assert.ok(await input.evaluate((element) => element === document.activeElement), 'one goes on typing');
  await page.keyboard.type('carla');
  await marked('Carla Customer').waitFor();
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'hidden' });
  await page.waitForURL(/\/inbox\/[0-9a-f-]{36}|[?&]c=/);
  await page.keyboard.press('Escape');
  // Closed by Escape, and by the keys that opened it, it gives the focus back.
  const opener = page.getByRole('navigation', { name: 'Pages' }).first().getByRole('link', { name: 'Board', exact: true });
  for (const keys of ['Escape', 'Control+k']) {
    // Whatever closed last may still give the focus back.
    await until(async () => {
      await opener.focus();
      await page.waitForTimeout(200);
      return opener.evaluate((element) => element === document.activeElement);
    }, true);
    await page.keyboard.press('Control+k');
    await input.and(page.locator(':focus')).waitFor();
    await page.keyboard.press(keys);
    await palette.waitFor({ state: 'hidden' });
    await opener.and(page.locator(':focus')).waitFor();
  }
  await close();
});

// A channel from which the platform takes nothing: it says so at once and why, and goes on by itself. On a server of its own,
// since nothing else can be sent meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkAccess, closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { openGraph } from './graph.mjs';
import { seedUser } from './seed.mjs';
import { startServer } from './server.mjs';

const BOB = 'bob@example.test';

let server;
let graph;
before(async () => {
  graph = await openGraph();
  server = await startServer({ GRAPH_API_URL: graph.url, WHATSAPP_ACCESS_TOKEN: 'e2e' });
  await seedUser(server, { email: BOB, name: 'Bob Builder' });
});
after(async () => {
  await closeBrowsers();
  graph?.close();
  await server?.stop();
});

test('a stopped channel says why and who mends it; what was held waits, and goes out afterwards', async () => {
  await server.receives({ from: '905328900001', name: 'Waiting One', message: { type: 'text', text: { body: 'A question' }, timestamp: String(Math.floor(Date.now() / 1000)) } });
  const { items } = await server.until('/conversations', (list) => list.items.length === 1);
  const { id, channel } = items[0];
  await server.call('PATCH', `/channels/${channel.id}`, { confirmed: true });
  const people = [];
  for (const email of [undefined, BOB]) {
    const browser = await openBrowser(server);
    await browser.context.addInitScript(() => location.origin !== 'null' && localStorage.setItem('sb-undo-send', 'off'));
    await signIn(browser.page, { email, to: `/inbox/${id}` });
    await browser.page.getByRole('textbox', { name: 'Reply', exact: true }).waitFor();
    people.push(browser);
  }
  const [ada, bob] = people;
  const bar = ({ page }) => page.getByRole('status').filter({ hasText: '+90 850 222 33 44 is stopped: nothing goes out.' });
  const bubble = ({ page }) => page.getByRole('article').filter({ hasText: 'Yes, in oak' });

  graph.answer = { message: 'Error validating access token', code: 190 };
  const area = ada.page.getByRole('textbox', { name: 'Reply', exact: true });
  await area.fill('Yes, in oak');
  await area.press('Enter');
  await bubble(ada).getByText('It waits: the channel’s access token is no longer valid. An administrator has to renew it.').waitFor();
  await bubble(ada).getByRole('img', { name: 'Held back' }).waitFor();
  await bar(ada).filter({ hasText: 'Messages wait until you have put that right' }).waitFor();
  await bar(bob).filter({ hasText: 'Messages wait until an administrator has put that right.' }).waitFor();
  assert.equal(await bubble(ada).getByRole('button', { name: 'Try again' }).count(), 0, 'it would only be held again');
  assert.equal(await area.isEnabled(), true);
  await checkAccess(ada.page, 'stopped channel');
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await checkAccess(ada.page, 'stopped channel phone');
  await shot(ada.page, 'stopped-phone');
  await bob.page.keyboard.press('n');
  await bar(bob).waitFor({ state: 'detached' });

  // What another token does within a minute.
  graph.answer = 'ok';
  await server.sql('update channel set stopped = null, version = version + 1');
  const held = (await server.call('GET', `/conversations/${id}/messages`)).items.find(({ status }) => status === 'held');
  await server.call('POST', `/messages/${held.id}/retry`, {});
  await bubble(ada).getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await bar(ada).waitFor({ state: 'detached' });
  await until(() => graph.sent.filter(({ text }) => text === 'Yes, in oak').length, 1);
  for (const { close } of people) await close();
});

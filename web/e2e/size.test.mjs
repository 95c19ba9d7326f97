// Ten thousand conversations, a thread of fifty thousand messages: scrolled, and the page stays small.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowsers, drawn, nodes, openBrowser, shot, signIn } from './browser.mjs';
import { seedConversations, seedMessages } from './seed.mjs';
import { startServer } from './server.mjs';

let server;
before(async () => {
  server = await startServer();
  await server.receives({ from: '905320000001', name: 'Long Thread', text: 'The newest line' });
  await server.until('/conversations', (list) => list.items.length === 1);
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

test('ten thousand conversations are scrolled to their end', async () => {
  await seedConversations(server, 10_000);
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/inbox?view=all' });
  const list = page.getByRole('list', { name: 'Conversations' });
  await list.getByText('Person 1', { exact: true }).waitFor();
  const box = await list.boundingBox();
  await page.mouse.move(box.x + 100, box.y + 200);
  const seen = new Set();
  // As many turns as the pages need that come in between.
  for (let turn = 0; turn < 60 || seen.size <= 400; turn += 1) {
    await page.mouse.wheel(0, 4000);
    await drawn(page);
    for (const text of await list.getByRole('listitem').allInnerTexts()) seen.add(text.match(/Person \d+/)?.[0]);
    assert.ok((await nodes(page)) <= 2000);
  }
  await shot(page, 'inbox-ten-thousand');
  await close();
});

test('a thread of fifty thousand messages opens at its end and is read backwards', async () => {
  const { items } = await server.call('GET', '/conversations?q=Long');
  await seedMessages(server, items[0].id, 50_000);
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: `/inbox/${items[0].id}` });
  const main = page.getByRole('main');
  await main.getByText('The newest line').last().waitFor();
  await main.getByText('Line 1', { exact: true }).or(main.getByText(/^Line 1 /)).first().waitFor();
  const box = await main.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 300);
  const seen = new Set();
  const look = async () => {
    for (const line of await main.getByText(/^Line \d+/).allInnerTexts()) seen.add(Number(line.match(/\d+/)[0]));
  };
  await look();
  for (let turn = 0; turn < 120 || Math.max(...seen) <= 300; turn += 1) {
    await page.mouse.wheel(0, -700);
    await drawn(page);
    await look();
    assert.ok((await nodes(page)) <= 2000);
  }
  const oldest = Math.max(...seen);
  const missing = Array.from({ length: oldest }, (_, n) => n + 1).filter((n) => !seen.has(n));
  assert.deepEqual(missing.slice(0, 5), [], 'lines that never came by');
  await shot(page, 'thread-fifty-thousand');
  await close();
});

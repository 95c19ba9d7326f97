// Every screen converges: two people at one board, a cut network, a server that dies, a flood of events.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowsers, openBrowser, settled, shot, signIn, until } from './browser.mjs';
import { openProxy } from './proxy.mjs';
import { startServer } from './server.mjs';

let server;
let proxy;
before(async () => {
  proxy = await openProxy();
  server = await startServer({ PUBLIC_URL: proxy.url });
  proxy.leadTo(server.url);
});
after(async () => {
  await closeBrowsers();
  proxy?.close();
  await server?.stop();
});

const through = () => openBrowser({ url: proxy.url });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The rows of the inbox's list in their order, as somebody reads them. */
const rows = (page) =>
  page
    .getByRole('list', { name: 'Conversations' })
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-id') ?? item.textContent));

async function sameAsFresh(page) {
  // What is taken in after the fresh page was read is in no list that is compared with it.
  await until(() => server.sql("select count(*) from webhook_delivery where state = 'received'"), '0\n');
  const fresh = await through();
  await signIn(fresh.page);
  await fresh.page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().waitFor();
  await until(() => rows(page), await rows(fresh.page), 'an open page shows what a fresh one shows');
  await fresh.close();
}

test('one moves a card by keyboard, the other one sees it move', async () => {
  await server.receives({ from: '905325550001', name: 'Card Mover', text: 'Hello' });
  await server.until('/customers?q=Card', (list) => list.items.length === 1);
  const [ada, bob] = [await through(), await through()];
  for (const { page } of [ada, bob]) await signIn(page, { to: '/board' });
  const card = (page) => page.locator('[data-card]').filter({ hasText: 'Card Mover' });
  await card(ada.page).waitFor();
  await card(bob.page).waitFor();
  const at = (page) => card(page).evaluate((element) => element.closest('[data-column]').getAttribute('data-column'));
  const before = await at(bob.page);
  await card(ada.page).focus();
  await ada.page.keyboard.press('Alt+ArrowRight');
  await ada.page.waitForFunction(
    (was) => {
      const element = [...document.querySelectorAll('[data-card]')].find((it) => it.textContent.includes('Card Mover'));
      return element && element.closest('[data-column]').getAttribute('data-column') !== was;
    },
    before,
  );
  await bob.page.waitForFunction(
    (was) => {
      const element = [...document.querySelectorAll('[data-card]')].find((it) => it.textContent.includes('Card Mover'));
      return element && element.closest('[data-column]').getAttribute('data-column') !== was;
    },
    before,
  );
  assert.equal(await at(ada.page), await at(bob.page));
  await shot(bob.page, 'board-moved');
  await ada.close();
  await bob.close();
});

test('a card is dragged with the mouse', async () => {
  const { page, close } = await through();
  await signIn(page, { to: '/board' });
  const card = page.locator('[data-card]').filter({ hasText: 'Card Mover' });
  await card.waitFor();
  const was = await card.evaluate((element) => element.closest('[data-column]').getAttribute('data-column'));
  const target = page.locator(`[data-column]:not([data-column="${was}"])`).last();
  const [from, to] = [await settled(card), await target.boundingBox()];
  await page.mouse.move(from.x + from.width / 2, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 12, from.y + 24, { steps: 5 });
  await page.waitForFunction(() => document.querySelector('[data-card].opacity-40'));
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 15 });
  await page.mouse.move(to.x + to.width / 2, to.y + 121);
  await shot(page, 'board-dragging');
  await page.mouse.up();
  const now = await target.getAttribute('data-column');
  await page.locator(`[data-column="${now}"] [data-card]`).filter({ hasText: 'Card Mover' }).waitFor();
  const { items } = await server.call('GET', '/customers?q=Card');
  // The page shows it before the server has it.
  await until(() => server.call('GET', `/customers/${items[0].id}/details`).then(({ cards }) => cards[0].column_id), now);
  await close();
});

test('half a minute without network while customers write: nothing is missing afterwards', async () => {
  const { page, close } = await through();
  await signIn(page);
  await page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().waitFor();
  proxy.cut();
  const cut = Date.now();
  await page.getByText(/Offline|Connecting/).first().waitFor();
  await shot(page, 'inbox-offline');
  for (let n = 0; Date.now() - cut < 30_000; n += 1) {
    await server.receives({ from: `9053266600${String(n % 40).padStart(2, '0')}`, name: `Caller ${n % 40}`, text: `Message ${n}` });
    // Not so many that the page would rather fetch than have them replayed: then it would not count them.
    await pause(200);
  }
  proxy.heal();
  await page.getByText(/Caught up/).first().waitFor({ timeout: 45_000 });
  await sameAsFresh(page);
  await close(['ERR_', 'WebSocket', 'Failed to load resource']);
});

test('the server dies and comes back: the page goes on', async () => {
  const { page, close } = await through();
  await signIn(page);
  await page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().waitFor();
  await server.kill();
  await server.start();
  await server.receives({ from: '905327770001', name: 'After The Crash', text: 'Still there?' });
  await page.getByRole('list', { name: 'Conversations' }).getByText('After The Crash').waitFor({ timeout: 45_000 });
  await close(['ERR_', 'WebSocket', 'Failed to load resource']);
});

test('fifty events a second while somebody types: every letter arrives, and the list is right in the end', async () => {
  const { page, close } = await through();
  await signIn(page);
  const search = page.getByRole('searchbox').first();
  await search.waitFor();
  const text = 'a customer with quite a long name';
  let sending = true;
  const flood = (async () => {
    for (let n = 0; sending; n += 1) {
      await Promise.all(
        Array.from({ length: 5 }, (_, k) =>
          server.receives({ from: `9053288800${String((n * 5 + k) % 60).padStart(2, '0')}`, name: `Flood ${(n * 5 + k) % 60}`, text: `n${n}` }),
        ),
      );
      await pause(100);
    }
  })();
  await pause(1000);
  await search.click();
  await search.pressSequentially(text, { delay: 60 });
  assert.equal(await search.inputValue(), text);
  await search.fill('');
  await pause(500);
  sending = false;
  await flood;
  await page.mouse.move(1, 1);
  await sameAsFresh(page);
  await close();
});

// Every page in light, dark, right to left and on a phone: seen by axe, small enough, and kept as pictures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile, readdir } from 'node:fs/promises';
import { checkAccess, closeBrowsers, nodes, openBrowser, shot, signIn } from './browser.mjs';
import { startServer } from './server.mjs';

const PAGES = [
  ['inbox', '/inbox?view=all'],
  ['board', '/board'],
  ['customers', '/customers'],
  ['deliveries', '/settings/deliveries'],
  ['profile', '/profile'],
  ['missing', '/no/such/page'],
];

let server;
before(async () => {
  server = await startServer();
  await fill();
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

/** One of each kind of message, from the samples that the parsers are tested with. */
async function fill() {
  const folder = new URL('../../webhooks/fixtures/', import.meta.url);
  for (const platform of ['whatsapp', 'instagram', 'messenger']) {
    for (const file of (await readdir(new URL(`${platform}/`, folder))).sort()) {
      const route = platform === 'messenger' ? 'meta' : platform;
      await server.post(route, await readFile(new URL(`${platform}/${file}`, folder), 'utf8'));
    }
  }
  // Not by REST: deliveries that wait may be no tenant's yet.
  while ((await server.sql("select 1 from webhook_delivery where state = 'received' limit 1")).trim()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

for (const look of ['light', 'dark']) {
  test(`all pages, ${look}: axe finds nothing, and the page stays small`, async () => {
    const { page, close } = await openBrowser(server, { colorScheme: look });
    await page.goto('/login');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await checkAccess(page, `login ${look}`);
    await shot(page, `login-${look}`);
    await signIn(page);
    for (const [name, address] of PAGES) {
      await page.goto(address);
      // The frame stands before its page is there.
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(700);
      if (name === 'inbox') {
        await page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().click();
        await page.waitForTimeout(700);
      }
      await checkAccess(page, `${name} ${look}`);
      assert.ok((await nodes(page)) <= 2000, `${name} has ${await nodes(page)} elements`);
      await shot(page, `${name}-${look}`);
    }
    const { items } = await server.call('GET', '/customers?limit=1');
    await page.goto(`/inbox?view=all&c=${items[0].id}`);
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(500);
    await checkAccess(page, `drawer ${look}`);
    await shot(page, `drawer-${look}`);
    await close(['404']);
  });
}

test('right to left', async () => {
  const { page, close } = await openBrowser(server);
  await signIn(page);
  for (const [name, address] of PAGES.slice(0, 5)) {
    await page.goto(`${address}${address.includes('?') ? '&' : '?'}dir=rtl`);
    await page.getByRole('main').waitFor();
    await page.waitForTimeout(600);
    assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
    await shot(page, `${name}-rtl`);
  }
  await close();
});

for (const width of [320, 390, 2560]) {
  test(`${width} pixels wide: nothing is cut off sideways`, async () => {
    const { page, close } = await openBrowser(server, { viewport: { width, height: 844 }, hasTouch: width < 800 });
    await signIn(page);
    for (const [name, address] of PAGES.slice(0, 5)) {
      await page.goto(address);
      await page.getByRole('main').waitFor();
      await page.waitForTimeout(600);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name} is ${over} px too wide`);
      await shot(page, `${name}-${width}`);
      if (name === 'inbox' && width < 800) {
        await page.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().click();
        await page.waitForTimeout(600);
        await shot(page, `thread-${width}`);
      }
    }
    await close();
  });
}

for (const [lang, word] of [['de', 'Posteingang'], ['tr', 'Gelen kutusu']]) {
  test(`in ${lang}`, async () => {
    const { page, close } = await openBrowser(server, { locale: lang });
    await page.goto('/login');
    await page.locator('input[type=email]').fill('ada@example.test');
    await page.locator('input[type=password]').fill('a-long-password-of-ada');
    await page.locator('button[type=submit]').click();
    await page.getByText(word).first().waitFor();
    await page.waitForTimeout(500);
    await shot(page, `inbox-${lang}`);
    await close();
  });
}

test('the palette finds pages, people and commands; the sheet lists the shortcuts', async () => {
  const { page, close } = await openBrowser(server);
  await signIn(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  const input = palette.getByRole('combobox').and(page.locator(':focus'));
  await input.waitFor();
  await page.keyboard.type('board');
  await palette.locator('[role=option][data-highlighted]').filter({ hasText: 'Board' }).waitFor();
  await shot(page, 'palette');
  await checkAccess(page, 'palette');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/board**');
  await page.keyboard.press('Control+k');
  await input.waitFor();
  await page.keyboard.type('Ayşe');
  await palette.getByRole('option', { name: /Ayşe/ }).first().waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  await page.keyboard.type('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await checkAccess(page, 'shortcuts');
  await shot(page, 'shortcuts');
  await close();
});

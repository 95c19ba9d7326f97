// From signing in to seeing what happens: the way of every agent, every day.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowsers, openBrowser, shot, signIn } from './browser.mjs';
import { startServer } from './server.mjs';

let server;
before(async () => {
  server = await startServer();
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

test('a wrong password is refused in words, the right one opens the inbox, and the first message appears by itself', async () => {
  const { page, close } = await openBrowser(server);
  await page.goto('/');
  await page.waitForURL('**/login**');
  await page.getByLabel('E-mail').fill('ada@example.test');
  await page.getByLabel('Password', { exact: true }).fill('a wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('E-mail or password is wrong.').waitFor();
  await signIn(page);
  await page.getByText('No conversations yet').first().waitFor();
  await shot(page, 'inbox-empty');

  await server.receives({ from: '905321112233', name: 'Ayşe Yılmaz', text: 'Is the *corner sofa* still there?' });
  const row = page.getByRole('list', { name: 'Conversations' }).getByText('Ayşe Yılmaz');
  await row.waitFor();
  await row.click();
  const thread = page.getByRole('region', { name: /Ayşe Yılmaz/ }).or(page.getByRole('main'));
  await thread.getByText('corner sofa', { exact: true }).first().waitFor();

  await server.receives({ from: '905321112233', name: 'Ayşe Yılmaz', text: 'And the blue one?' });
  await thread.getByText('And the blue one?').first().waitFor();
  await shot(page, 'inbox-first-message');
  // The wrong password is a 401, which browsers log.
  await close(['401']);
});

test('a colleague resolves, and the row leaves the other screen', async () => {
  const ada = await openBrowser(server);
  await signIn(ada.page);
  await server.receives({ from: '905321112244', name: 'Mehmet Demir', text: 'Hello' });
  const row = ada.page.getByRole('list', { name: 'Conversations' }).getByText('Mehmet Demir');
  await row.waitFor();
  const { items } = await server.until('/conversations?q=Mehmet', (list) => list.items.length === 1);
  await server.call('PATCH', `/conversations/${items[0].id}`, { status: 'resolved' });
  await row.waitFor({ state: 'detached' });
  await ada.close();
});

test('what a hostile customer writes is shown as written and does nothing', async () => {
  const { page, close } = await openBrowser(server);
  await signIn(page);
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  const hostile = [
    '<img src=x onerror=alert(1)>',
    '<script>alert(2)</script>',
    '"><svg onload=alert(3)>',
    '[click](javascript:alert(4))',
    'javascript:alert(5)',
    'data:text/html,<script>alert(6)</script>',
    '{"__proto__":{"polluted":true}}',
    '{{constructor.constructor("alert(7)")()}}',
    'https://example.com/"onmouseover="alert(8)',
    '\u202Egnp.exe\u202C right to left',
  ];
  for (const text of hostile) await server.receives({ from: '905321119999', name: '<b onclick=alert(0)>Eve</b>', text });
  await page.getByText('<b onclick=alert(0)>Eve</b>').first().click();
  for (const text of hostile) {
    const shown = page.getByRole('main').getByText(text, { exact: true });
    await shown.first().waitFor({ state: 'attached' });
  }
  const links = await page.locator('main a[href]').evaluateAll((list) => list.map((link) => new URL(link.href).protocol));
  assert.ok(links.every((protocol) => ['http:', 'https:', 'tel:', 'mailto:'].includes(protocol)), links.join(' '));
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  assert.equal(dialogs, 0);
  await shot(page, 'inbox-hostile');
  await close();
});

test('a way back to elsewhere is not followed', async () => {
  for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%09/evil.example']) {
    const { page, close } = await openBrowser(server);
    await page.goto(`/login?to=${encodeURIComponent(to)}`);
    await page.getByLabel('E-mail').fill('ada@example.test');
    await page.getByLabel('Password', { exact: true }).fill('a-long-password-of-ada');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname !== '/login');
    assert.equal(new URL(page.url()).origin, server.url, to);
    await close();
  }
});

// From signing in to seeing what happens: the way of every agent, every day.
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

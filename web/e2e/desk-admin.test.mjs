// What an administrator sees: the set-up of a new installation, and the deliveries of the platforms.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { closeBrowsers, drawn, nodes, openBrowser, shot, signIn, until } from './browser.mjs';
import { accessible, dialog, writes } from './desk.mjs';
import { EMAIL, PASSWORD, startServer } from './server.mjs';

const run = promisify(execFile);
/** A number that is nobody's until somebody writes to it. */
const OTHER = '418206994710777';

let server;
before(async () => {
  server = await startServer();
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

const row = (page, n = 0) => page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem').nth(n);
const tab = (page, name) => page.getByRole('radio', { name, exact: true });
const states = (page) => page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem').allInnerTexts();

test('the first administrator is made on the set-up page, once', async () => {
  const fresh = await startServer({ ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined });
  const { page, close } = await openBrowser(fresh);
  // Every way in leads to the set-up.
  await page.goto('/customers');
  await page.waitForURL('**/setup');
  const token = fresh.log.match(/with the token (\S+)/)[1];
  const create = page.getByRole('button', { name: 'Create the account' });
  const field = (name) => page.getByRole('textbox', { name, exact: true });
  await create.click();
  for (const text of ['Enter the token', 'Enter your name', 'Enter your e-mail', 'Choose a password']) await page.getByText(text).waitFor();
  await accessible(page, 'set-up-refused');
  await page.setViewportSize({ width: 320, height: 700 });
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  await shot(page, 'desk-set-up-320');
  await page.setViewportSize({ width: 1440, height: 900 });

  await field('Set-up token').fill('not-the-token');
  await field('Your name').fill('Ada');
  await field('E-mail').fill(EMAIL);
  await field('Password').fill('short');
  await create.click();
  await page.getByText('This is not the token').waitFor();
  await page.waitForFunction(() => document.activeElement.name === 'token');
  await field('Set-up token').fill(token);
  await create.click();
  await page.getByText('too short').waitFor();
  await page.waitForFunction(() => document.activeElement.name === 'password');
  await field('Password').fill('passwordpassword');
  await create.click();
  await page.getByText('too easy to guess').waitFor();
  assert.equal(await field('Your name').inputValue(), 'Ada');

  // Somebody else has the form open, and comes second. A link may carry the token, which leaves the address at once.
  const late = await openBrowser(fresh);
  await late.page.goto(`/setup#token=${token}`);
  await late.page.waitForURL((url) => url.hash === '');
  assert.equal(await late.page.getByRole('textbox', { name: 'Set-up token' }).inputValue(), token);

  await field('Password').fill(PASSWORD);
  await create.click();
  await page.waitForURL('**/inbox');
  await page.getByText('No conversations yet').first().waitFor();
  assert.equal((await fresh.call('GET', '/auth/me')).role, 'administrator');
  await page.goto('/setup');
  await page.waitForURL('**/inbox');

  await late.page.getByRole('textbox', { name: 'Your name' }).fill('Eve');
  await late.page.getByRole('textbox', { name: 'E-mail' }).fill('eve@example.test');
  await late.page.getByRole('textbox', { name: 'Password' }).fill('a-long-password-of-eve');
  await late.page.getByRole('button', { name: 'Create the account' }).click();
  await late.page.getByText('has its first administrator already').waitFor();
  await accessible(late.page, 'set-up-late');
  await late.page.getByRole('link', { name: 'Sign in' }).click();
  await late.page.waitForURL('**/login');
  await late.page.goto('/setup');
  await late.page.waitForURL('**/login');
  // Wrong tokens and passwords are 403 and 422, which browsers log.
  await late.close(['403']);
  await close(['403', '422']);
  await fresh.stop();
});

test('a channel that its first webhook made is confirmed on the page', async () => {
  const { page, close } = await openBrowser(server);
  await writes(server, { to: OTHER, wa_id: '905321110009', text: 'to a new number', at: Math.floor(Date.now() / 1000) - 900 });
  await server.until('/channels', (list) => list.items.some((channel) => channel.account_id === OTHER));
  await signIn(page, { to: '/settings/deliveries' });
  await row(page).waitFor();
  const button = page.getByRole('button', { name: new RegExp(`It is ours: .*${OTHER}`) });
  await button.waitFor();
  await accessible(page, 'deliveries-channel');
  await button.click();
  await button.waitFor({ state: 'detached' });
  await server.until('/channels', (list) => list.items.find((channel) => channel.account_id === OTHER).confirmed);
  await close();
});

test('failed deliveries say why, show nobody, and are replayed until they are done', async () => {
  await server.sql(`
    create function poison() returns trigger language plpgsql security definer as $$ begin
      if new.text like '%POISON%' then raise exception 'this row is poison' using errcode = '22000'; end if; return new; end $$;
    create trigger poison before insert on message for each row execute function poison()`);
  for (const n of [1, 2]) await server.receives({ from: '905329998877', name: 'Secret Gül', text: `POISON number ${n}` });
  await server.until('/webhook-deliveries?state=failed', (list) => list.items.length === 2);
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/settings/deliveries' });
  await tab(page, 'Failed').click({ force: true });
  await page.waitForURL('**state=failed**');
  await row(page, 1).waitFor();
  await until(() => states(page).then((list) => list.length), 2);
  await page.reload();
  await row(page, 1).waitFor();
  await page.goBack();
  await page.waitForURL((url) => !url.searchParams.has('state'));
  await page.goForward();
  await row(page, 1).getByText('A fault of Switchboard stopped it').waitFor();
  await row(page).getByRole('button').first().click();
  await dialog(page, 'Delivery').getByText('this row is poison').waitFor();
  await dialog(page, 'Delivery').getByText('"whatsapp_business_account"').waitFor();
  const shown = await page.content();
  for (const secret of ['9998877', 'Secret', 'Gül', 'POISON number']) assert.ok(!shown.includes(secret), `${secret} is shown`);
  await accessible(page, 'deliveries-detail');

  await server.sql('drop trigger poison on message');
  await dialog(page, 'Delivery').getByRole('button', { name: 'Replay' }).click();
  await page.getByText('1 delivery goes through ingest again').waitFor();
  await accessible(page, 'deliveries-confirm');
  await page.getByRole('button', { name: 'Replay', exact: true }).last().click();
  // Without a touch: first it waits, then it is done.
  await dialog(page, 'Delivery').getByText('Done', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.querySelectorAll('[role=listitem]').length === 1);
  await page.getByRole('button', { name: 'Replay all failed' }).click();
  await page.getByRole('button', { name: 'Replay', exact: true }).last().click();
  await page.getByText('Nothing failed').waitFor();
  await server.until('/conversations?q=Secret', (list) => list.items.length === 1);
  await close();
});

test('deliveries by the hundred are read to the end, and one that waits is asked for until it is done', async () => {
  await server.sql(`
    insert into webhook_delivery (id, tenant_id, platform, state, size, body, received_at, due_at)
    select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, (select id from tenant limit 1), 'whatsapp',
           case n when 200 then 'received' else 'done' end, 2, '{}', now() - '1 hour'::interval, now() + '1 hour'::interval
    from generate_series(1, 200) n`);
  const { items } = await server.call('GET', '/webhook-deliveries?limit=200');
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/settings/deliveries' });
  await row(page).waitFor();
  const size = Number(await row(page).getAttribute('aria-setsize'));
  assert.equal(size, 50);
  const box = await page.getByRole('list', { name: 'Deliveries' }).boundingBox();
  await page.mouse.move(box.x + 200, box.y + 200);
  while (!(await page.getByText('That is all.').isVisible())) {
    await page.mouse.wheel(0, 1500);
    await drawn(page);
    assert.ok((await nodes(page)) <= 2000);
  }
  assert.ok(Number(await row(page).getAttribute('aria-setsize')) > 200);
  assert.ok(items.length === 200);

  await tab(page, 'Waiting').click({ force: true });
  await row(page).getByText('Waiting').waitFor();
  await accessible(page, 'deliveries-waiting');
  await server.sql("update webhook_delivery set state = 'done' where state = 'received'");
  await page.getByText('Nothing waits').waitFor();
  await close();
});

test('among several tenants a webhook without owner waits until its account is connected', async () => {
  const cli = (...words) => run(process.env.SWITCHBOARD_BIN, words, { env: { ...process.env, ...server.settings }, cwd: server.data });
  await cli('tenant', 'create', '--slug', 'neighbour', '--name', 'Neighbour');
  const account = '418206994710999';
  await writes(server, { to: account, wa_id: '905321110010', text: 'to nobody', at: Math.floor(Date.now() / 1000) - 600, slug: '/default' });
  await server.until('/webhook-deliveries?state=unrouted', (list) => list.items.length === 1);
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/settings/deliveries?state=unrouted' });
  await row(page).getByText('No channel owns this account yet').waitFor();
  await accessible(page, 'deliveries-unrouted');
  // Replayed too early it waits again, and says so.
  await row(page).getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Replay 1' }).click();
  const replayed = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.getByRole('button', { name: 'Replay', exact: true }).last().click();
  await replayed;
  await server.until('/webhook-deliveries?state=unrouted', (list) => list.items.length === 1);
  await row(page).getByText('No channel owns this account yet').waitFor();
  await cli('channel', 'connect', '--tenant', 'default', '--kind', 'whatsapp', '--account-id', account, '--name', 'Third number');
  await server.until('/webhook-deliveries?state=unrouted', (list) => list.items.length === 0);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Every webhook has an owner').waitFor();
  await close();
});

test('who is no administrator sees no deliveries', async () => {
  const who = { email: 'agent@example.test', password: 'a-long-password-of-bob' };
  await server.call('POST', '/users', { ...who, name: 'Bob', role: 'agent' });
  const { page, close } = await openBrowser(server);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await signIn(page, { ...who, to: '/settings/deliveries' });
  await page.getByText('Only for administrators').waitFor();
  await accessible(page, 'deliveries-forbidden');
  assert.equal(await page.getByRole('link', { name: /deliveries/i }).count(), 0);
  assert.deepEqual(asked.filter((url) => url.includes('webhook-deliveries')), []);
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/webhook-deliveries')).status), 403);
  // Asked for on purpose just now.
  await close(['403']);
});

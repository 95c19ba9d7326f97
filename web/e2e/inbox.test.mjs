// The list of conversations as agents work with it: it stands still, it is narrowed, and many rows are changed at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkAccess, closeBrowsers, openBrowser, settled, shot, signIn, until } from './browser.mjs';
import { startServer } from './server.mjs';

const GUESTS = 20;
const COLLEAGUE = '018f0000-0000-7000-8000-0000000000b0';
const two = (n) => String(n).padStart(2, '0');

let server;
const ids = new Map();
before(async () => {
  server = await startServer();
  for (let n = GUESTS; n > 0; n -= 1) await writes(n, `First words of ${two(n)}`);
  const { items } = await server.until('/conversations?limit=200', (list) => list.items.length === GUESTS);
  for (const item of items) ids.set(item.customer.name, item.id);
  await server.sql(`insert into app_user (tenant_id, id, email, name, role)
    select id, '${COLLEAGUE}', 'bob@example.test', 'Bob Stone', 'agent' from tenant`);
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

const writes = (n, text) => server.receives({ from: `9053211100${two(n)}`, name: `Guest ${two(n)}`, text });
const edit = (n, change) => server.call('PATCH', `/conversations/${ids.get(`Guest ${two(n)}`)}`, change);
const record = (n) => server.call('GET', `/conversations/${ids.get(`Guest ${two(n)}`)}`);
/** Every conversation as it was in the beginning, for the next test. */
async function restore() {
  for (const item of (await server.call('GET', '/conversations?status=all&limit=200')).items) {
    const { status, assignee, labels, priority } = item;
    if (status === 'open' && !assignee && labels.length === 0 && !priority) continue;
    await server.call('PATCH', `/conversations/${item.id}`, { status: 'open', assignee_id: null, labels: [], priority: null });
  }
}

const list = (page) => page.getByRole('list', { name: 'Conversations' });
const row = (page, n) => list(page).getByRole('listitem').filter({ hasText: `Guest ${two(n)}` });
const view = (page, name) => page.getByRole('radiogroup', { name: 'Whose conversations' }).locator('label').filter({ hasText: name });
/** Names in the order in which they stand. */
const order = (page) => list(page).getByRole('listitem').evaluateAll((items) => items.map((item) => item.textContent.match(/Guest \d\d/)?.[0]));
const orderIs = (page, names) => until(() => order(page).then((shown) => shown.slice(0, names.length)), names);

/** High enough that every row is drawn, if not said otherwise. */
async function opened(to = '/inbox', options = {}) {
  const browser = await openBrowser(server, { viewport: { width: 1440, height: 1700 }, ...options });
  await signIn(browser.page, { to });
  if (to.startsWith('/inbox')) await list(browser.page).getByRole('listitem').first().waitFor();
  return browser;
}

async function tick(page, ...numbers) {
  for (const n of numbers) await page.getByRole('checkbox', { name: `Select the conversation with Guest ${two(n)}` }).click();
}

test('while messages come, the row under the pointer stays, and the list catches up when the pointer leaves', async () => {
  const { page, close } = await opened();
  const before = await order(page);
  const box = await settled(row(page, 4));
  await page.mouse.move(box.x + 150, box.y + 20);
  await page.mouse.move(box.x + 152, box.y + 22);
  const under = () =>
    page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest('[data-row]')?.textContent.match(/Guest \d\d/)?.[0], [box.x + 152, box.y + 22]);
  assert.equal(await under(), 'Guest 04');
  for (let turn = 0; turn < 8; turn += 1) {
    for (const n of [9, 15, 19]) await writes(n, `Again ${turn}`);
    // What is in the row is up to date although its place is not.
    await row(page, 9).getByText(`Again ${turn}`).waitFor();
    assert.equal(await under(), 'Guest 04');
  }
  assert.deepEqual((await order(page)).slice(0, 10), before.slice(0, 10));
  await page.getByRole('button', { name: '3 new, back to top' }).waitFor();
  await shot(page, 'inbox-held');
  await page.mouse.move(900, 500);
  await orderIs(page, ['Guest 19', 'Guest 15', 'Guest 09']);
  await close();
});

test('the pill brings what is new at once', async () => {
  const { page, close } = await opened('/inbox', { viewport: { width: 1440, height: 900 } });
  await list(page).hover();
  await page.mouse.wheel(0, 900);
  await writes(17, 'A new one');
  const pill = page.getByRole('button', { name: '1 new, back to top' });
  await pill.click();
  await orderIs(page, ['Guest 17']);
  await pill.waitFor({ state: 'detached' });
  await close();
});

test('ticking holds the list until the selection ends, and moves no row', async () => {
  const { page, close } = await opened();
  const before = await order(page);
  const [n, fifth, last] = [3, 5, 9].map((index) => Number(before[index].slice(-2)));
  const place = await settled(row(page, n));
  await row(page, n).hover();
  await tick(page, n);
  await page.getByRole('toolbar', { name: /selected/ }).getByText('1 selected').waitFor();
  assert.deepEqual(await row(page, n).boundingBox(), place, 'the bar pushes nothing');
  await checkAccess(page, 'ticked rows');
  await shot(page, 'inbox-ticked');
  await page.mouse.move(900, 500);
  await writes(last, 'Held back');
  await row(page, last).getByText('Held back').waitFor();
  assert.deepEqual((await order(page)).slice(0, 10), before.slice(0, 10));
  // A range, then all of it is let go.
  await page.getByRole('checkbox', { name: `Select the conversation with Guest ${two(fifth)}` }).click({ modifiers: ['Shift'] });
  await page.getByText('3 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('toolbar', { name: /selected/ }).waitFor({ state: 'detached' });
  await page.mouse.move(900, 500);
  await orderIs(page, [before[9]]);
  await close();
});

test('several are assigned and resolved at once, and Undo brings them back', async () => {
  await restore();
  const { page, close } = await opened();
  await tick(page, 1, 2, 3);
  await page.keyboard.press('a');
  await page.getByRole('menuitem', { name: 'Bob Stone' }).click();
  await page.getByText('3 conversations assigned to Bob Stone').waitFor();
  await server.until('/conversations?assignee=' + COLLEAGUE, ({ items }) => items.length === 3);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await server.until('/conversations?assignee=' + COLLEAGUE, ({ items }) => items.length === 0);

  await tick(page, 4, 5);
  await page.keyboard.press('e');
  await row(page, 4).waitFor({ state: 'detached' });
  await row(page, 5).waitFor({ state: 'detached' });
  await server.until('/conversations?status=resolved', ({ items }) => items.length === 2);
  await page.keyboard.press('Control+z');
  await row(page, 4).waitFor();
  await row(page, 5).waitFor();
  await server.until('/conversations?status=resolved', ({ items }) => items.length === 0);
  await close();
});

test('snoozed until tomorrow or a time of one’s own, and back by itself', async () => {
  await restore();
  const { page, close } = await opened();
  await row(page, 6).click();
  await page.getByRole('heading', { name: 'Guest 06', level: 2 }).waitFor();
  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: /Tomorrow morning/ }).click();
  await page.getByText('1 conversation snoozed').waitFor();
  await server.until('/conversations?status=snoozed', ({ items }) => items.length === 1);
  assert.ok(new Date((await record(6)).snoozed_until) > new Date());

  await row(page, 7).click();
  await page.getByRole('heading', { name: 'Guest 07', level: 2 }).waitFor();
  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: 'Pick a date and time' }).click();
  const dialog = page.getByRole('dialog', { name: 'Snooze until' });
  await dialog.getByLabel('Date and time').fill('2001-01-01T10:00');
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await dialog.getByText('Choose a time that is still to come.').waitFor();
  await checkAccess(page, 'snooze dialog');
  await shot(page, 'inbox-snooze');
  await dialog.getByLabel('Date and time').fill('2099-03-04T10:30');
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await row(page, 7).waitFor({ state: 'detached' });
  await server.until('/conversations?status=snoozed', ({ items }) => items.length === 2);
  assert.equal((await record(7)).snoozed_until, '2099-03-04T07:30:00Z');

  await edit(7, { status: 'snoozed', snoozed_until: new Date(Date.now() + 1_500).toISOString() });
  await page.mouse.move(900, 500);
  await row(page, 7).waitFor();
  await close();
});

test('labels, assignee and priority of the open conversation', async () => {
  await restore();
  const { page, close } = await opened();
  await row(page, 8).click();
  await page.getByRole('heading', { name: 'Guest 08', level: 2 }).waitFor();
  await page.keyboard.press('#');
  await page.getByLabel('Add a label').fill('vip');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove the label vip' }).waitFor();
  await page.getByLabel('Add a label').fill('Müşteri ش');
  await page.keyboard.press('Enter');
  await server.until(`/conversations/${ids.get('Guest 08')}`, ({ labels }) => labels.length === 2);
  await row(page, 8).getByText('vip').waitFor();
  await shot(page, 'inbox-labels');
  await page.getByRole('button', { name: 'Remove the label vip' }).click();
  await server.until(`/conversations/${ids.get('Guest 08')}`, ({ labels }) => labels.join() === 'Müşteri ش');
  await page.keyboard.press('Escape');
  await page.getByLabel('Add a label').waitFor({ state: 'detached' });

  await page.keyboard.press('a');
  await page.getByRole('menuitemcheckbox', { name: 'Me' }).click();
  await server.until('/conversations?assignee=me', ({ items }) => items.length === 1);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Priority' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Urgent' }).click();
  await row(page, 8).getByText('Urgent').waitFor();
  await server.until(`/conversations/${ids.get('Guest 08')}`, ({ priority }) => priority === 'urgent');
  await close();
});

test('Mine, Unassigned and All count live', async () => {
  await restore();
  const { page, close } = await opened();
  const counted = (name, count) => page.getByRole('radio', { name: `${name} ${count}`, exact: true }).waitFor();
  await counted('Mine', 0);
  await counted('Unassigned', GUESTS);
  const me = await server.call('GET', '/auth/me');
  await edit(1, { assignee_id: (me.user ?? me).id });
  await edit(2, { assignee_id: COLLEAGUE });
  await edit(3, { status: 'resolved' });
  await counted('Mine', 1);
  await counted('Unassigned', GUESTS - 3);
  await counted('All', GUESTS - 1);
  await view(page, 'Mine').click();
  await row(page, 4).waitFor({ state: 'detached' });
  await orderIs(page, ['Guest 01']);
  await edit(1, { assignee_id: null });
  await page.mouse.move(900, 500);
  await page.getByText('Nothing waits here').waitFor();
  await close();
});

test('every filter is in the address: reloaded, gone back from and forward to', async () => {
  await restore();
  await edit(11, { labels: ['quote'] });
  await edit(12, { status: 'pending', labels: ['quote'] });
  const read = await server.call('GET', `/conversations/${ids.get('Guest 13')}/messages`);
  await server.call('POST', `/conversations/${ids.get('Guest 13')}/read`, { message_id: read.items[0].id });
  const { page, close } = await opened();
  const filters = page.getByRole('button', { name: /^(Filters|\d+ filters? on)$/ });
  const choose = async (label, option) => {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await filters.click();
  await choose('Status', 'Any status');
  await page.waitForURL(/status=all/);
  await page.getByLabel('Label', { exact: true }).fill('quote');
  await page.keyboard.press('Enter');
  await page.waitForURL(/label=quote/);
  await orderIs(page, ['Guest 11', 'Guest 12']);
  await shot(page, 'inbox-filters');
  await choose('Order', 'Longest waiting first');
  await page.waitForURL(/order=oldest/);
  await page.keyboard.press('Escape');
  const shown = ['Guest 12', 'Guest 11'];
  await orderIs(page, shown);
  await page.reload();
  await orderIs(page, shown);
  const all = new URL(page.url()).search;
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('order'));
  await orderIs(page, shown.toReversed());
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('label'));
  await page.goForward();
  await page.goForward();
  await page.waitForURL((url) => url.search === all);
  await orderIs(page, shown);

  await filters.click();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.waitForURL((url) => !/status|label/.test(url.search));
  await page.getByRole('switch', { name: 'Unread only' }).click();
  await page.waitForURL(/unread=true/);
  await row(page, 13).waitFor({ state: 'detached' });
  await writes(13, 'Unread again');
  await page.keyboard.press('Escape');
  await page.mouse.move(900, 500);
  await row(page, 13).waitFor();
  await close();
});

test('the search finds, says when it finds nothing, and is one step of the history', async () => {
  await restore();
  const { page, close } = await opened();
  const search = page.getByRole('searchbox', { name: 'Search customers' });
  await page.keyboard.press('/');
  await search.pressSequentially('guest 12', { delay: 20 });
  await page.waitForURL(/q=guest/);
  await row(page, 12).waitFor();
  await row(page, 5).waitFor({ state: 'detached' });
  await writes(12, 'Found live');
  await row(page, 12).getByText('Found live').waitFor();
  await search.pressSequentially(' nobody');
  await page.getByText('Nothing matches these filters').waitFor();
  await page.waitForURL(/nobody/);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('q='));
  await row(page, 5).waitFor();
  await until(() => search.inputValue(), '');
  await close();
});

test('the place in the list is kept while another page is open', async () => {
  const { page, close } = await opened('/inbox', { viewport: { width: 1440, height: 900 } });
  await list(page).hover();
  await page.mouse.wheel(0, 900);
  const top = () => list(page).evaluate((element) => element.parentElement.scrollTop);
  await page.waitForFunction(() => document.querySelector('[role=list]').parentElement.scrollTop > 500);
  await settled(list(page));
  const was = await top();
  await page.getByRole('navigation').getByRole('link', { name: 'Board', exact: true }).click();
  await page.waitForURL('**/board**');
  await page.locator('[data-column]').first().waitFor();
  await page.goBack();
  await list(page).getByRole('listitem').first().waitFor();
  await until(top, was);
  await close();
});

test('keyboard: j and k walk through list and thread, x ticks, e resolves, Escape leaves', async () => {
  await restore();
  const { page, close } = await opened();
  const names = await order(page);
  const heading = (name) => page.getByRole('heading', { name, level: 2 });
  await page.keyboard.press('j');
  await heading(names[0]).waitFor();
  await page.keyboard.press('j');
  await heading(names[1]).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-thread'));
  await page.keyboard.press('j');
  await heading(names[2]).waitFor();
  await page.keyboard.press('k');
  await heading(names[1]).waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await heading(names[2]).waitFor();
  await page.keyboard.press('Shift+X');
  await page.getByText('2 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('2 selected').waitFor({ state: 'detached' });
  await page.keyboard.press('e');
  await heading(names[3]).waitFor();
  await page.getByText('1 conversation resolved').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL('**/inbox');
  await close();
});

test('rows can be compact', async () => {
  const { page, close } = await opened('/inbox', { colorScheme: 'dark' });
  const { height } = await list(page).getByRole('listitem').first().boundingBox();
  await page.getByRole('button', { name: 'List options' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Compact rows' }).click();
  await page.waitForFunction((was) => document.querySelector('[role=listitem]').getBoundingClientRect().height < was - 10, height);
  await shot(page, 'inbox-compact-dark');
  await close();
});

test('a colleague resolves the open conversation: it leaves the list and stays open', async () => {
  await restore();
  const { page, close } = await opened();
  await row(page, 10).click();
  await page.getByRole('heading', { name: 'Guest 10', level: 2 }).waitFor();
  await page.mouse.move(900, 500);
  await edit(10, { status: 'resolved' });
  await row(page, 10).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  await page.getByRole('region', { name: 'Messages' }).getByText('First words of 10').waitFor();
  await page.getByRole('button', { name: 'Reopen' }).click();
  await row(page, 10).waitFor();
  await close();
});

test('when the server fails, what is there stays, words say so, and trying again works', async () => {
  await restore();
  const { page, close } = await opened();
  const failing = (url) => url.pathname === '/api/v1/conversations';
  const fault = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'unavailable', detail: 'The database does not answer.' };
  await page.route(failing, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(fault) }));
  await view(page, 'Unassigned').click();
  await page.getByText('The database does not answer.').waitFor();
  await shot(page, 'inbox-list-fails');
  await page.unroute(failing);
  await page.getByRole('button', { name: 'Try again' }).click();
  await row(page, 1).waitFor();

  // A change is taken back, with the reason.
  const patch = (url) => /\/conversations\/[^/]+$/.test(url.pathname);
  await page.route(patch, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.fallback()));
  await row(page, 5).click();
  await page.getByRole('heading', { name: 'Guest 05', level: 2 }).waitFor();
  await page.keyboard.press('e');
  await page.getByText('Not changed').first().waitFor();
  await row(page, 5).waitFor();
  assert.equal(await page.getByText('conversation resolved').count(), 0, 'nothing was done, and nothing says so');
  await shot(page, 'inbox-patch-fails');
  assert.equal((await record(5)).status, 'open');
  await page.unroute(patch);
  await close(['503', 'ERR_FAILED', 'Failed to load resource']);
});

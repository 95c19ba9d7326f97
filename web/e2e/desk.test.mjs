// The customers: their table, and the drawer of one over every page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { checkAccess, closeBrowsers, nodes, openBrowser, signIn, until } from './browser.mjs';
import { accessible, dialog, NUMBER, query, writes } from './desk.mjs';
import { startServer } from './server.mjs';

const PEOPLE = 130;

let server;
before(async () => {
  server = await startServer();
  await server.receives({ from: '905321110001', name: 'Ayşe Yılmaz', text: 'Is it there?' });
  await server.until('/customers', (list) => list.items.length === 1);
  await seedPeople();
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
});

const pad = (n) => String(n).padStart(3, '0');
/** Person n of the table: every column puts the people into another order. */
const person = (n) => ({ name: `Person ${pad(n)}`, email: `m${pad((n * 37) % 131)}@people.test`, phone: `+905320000${pad((n * 53) % 131)}` });

async function seedPeople() {
  const rows = Array.from({ length: PEOPLE }, (_, k) => {
    const { name, email, phone } = person(k + 1);
    return `('${name}', '${email}', '${phone}', ${k + 1})`;
  });
  await server.sql(`
    with made as (
      insert into customer (tenant_id, id, name, name_rank, email, phone, search, marketing_opt_out, created_at)
      select (select id from tenant), gen_random_uuid(), v.name, 3, v.email, v.phone,
             lower(v.name || ' ' || v.email || ' ' || v.phone), v.n % 10 = 0, now() - (v.n || ' minutes')::interval
      from (values ${rows.join(',')}) v (name, email, phone, n)
      returning tenant_id, id, name)
    insert into customer_identity (tenant_id, id, customer_id, channel_kind, kind, scope, value, match_key)
    select tenant_id, gen_random_uuid(), id, kind, case kind when 'whatsapp' then 'wa_id' when 'instagram' then 'igsid' else 'psid' end,
           kind, 'seed-' || name || kind, 'seed-' || name || kind
    from made, unnest(case right(name, 1) when '1' then array['instagram'] when '2' then array['messenger']
                      else array['whatsapp', 'instagram', 'messenger'] end) kind
    where right(name, 1) <> '0'`);
}

/** The people in sight, from the top. */
const names = (page) => page.locator('[data-customer]').evaluateAll((all) => all.map((it) => it.querySelector('[dir=auto]').textContent));
const shows = (page, name, at = 0) =>
  page.waitForFunction(([text, index]) => document.querySelectorAll('[data-customer] [dir=auto]')[index]?.textContent === text, [name, at]);
const people = (fits = () => true) => Array.from({ length: PEOPLE }, (_, k) => person(k + 1)).filter(fits);
const head = (page, name) => page.getByRole('columnheader', { name }).getByRole('button');

test('the table of customers: every order, filter and page is an address', async () => {
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/customers' });
  await shows(page, 'Ayşe Yılmaz');
  assert.ok((await nodes(page)) <= 2000, `${await nodes(page)} elements`);
  const sorted = (by) => people().toSorted((a, b) => (a[by] < b[by] ? -1 : 1));
  // Ayşe has no e-mail, which comes before all others.
  for (const [label, by, at] of [['E-mail', 'email', 1], ['Phone', 'phone', 0]]) {
    await head(page, label).click();
    await shows(page, sorted(by)[0].name, at);
    assert.equal(await page.getByRole('columnheader', { name: label }).getAttribute('aria-sort'), 'ascending');
    await head(page, label).click();
    await shows(page, by === 'email' ? sorted(by).at(-1).name : 'Ayşe Yılmaz');
    assert.equal(await page.getByRole('columnheader', { name: label }).getAttribute('aria-sort'), 'descending');
    assert.deepEqual(query(page), { sort: by, order: 'desc' });
  }
  await head(page, 'Name').click();
  await shows(page, 'Ayşe Yılmaz');
  await page.getByRole('button', { name: 'Next page' }).click();
  await shows(page, 'Person 050');
  await page.getByRole('button', { name: 'Next page' }).click();
  await shows(page, 'Person 100');
  assert.deepEqual(query(page), { sort: 'name', page: '3' });
  assert.ok(await page.getByRole('button', { name: 'Next page' }).isDisabled());
  await page.reload();
  await shows(page, 'Person 100');
  await page.goBack();
  await shows(page, 'Person 050');
  await page.goForward();
  await shows(page, 'Person 100');
  assert.equal((await names(page)).length, 31);
  // A page behind the last one, with somebody open over it: the last one, and the drawer stays.
  const { items } = await server.call('GET', '/customers?q=m128%40');
  await page.goto(`/customers?sort=name&page=99&c=${items[0].id}`);
  await page.getByRole('dialog', { name: 'Person 007' }).waitFor();
  await shows(page, 'Person 100');
  await until(() => query(page), { sort: 'name', page: '3', c: items[0].id });
  await page.keyboard.press('Escape');

  await head(page, 'Customer since').click();
  await shows(page, 'Ayşe Yılmaz');
  for (const [filter, choices] of [['Channel', ['Messenger', 'Instagram']], ['Marketing', ['Opted out']]]) {
    await page.getByRole('combobox', { name: filter }).click();
    for (const choice of choices) await page.getByRole('option', { name: choice }).click();
    await page.keyboard.press('Escape');
  }
  await page.getByText('Nobody matches').waitFor();
  await accessible(page, 'customers-none');
  await page.getByRole('button', { name: 'Clear: Marketing' }).click();
  await page.getByRole('status').filter({ hasText: '117 customers' }).waitFor();
  await page.getByRole('searchbox').fill('m03');
  const found = people(({ name, email }) => email.startsWith('m03') && !name.endsWith('0')).map(({ name }) => name);
  await page.getByRole('status').filter({ hasText: `${found.length} customers` }).waitFor();
  await page.reload();
  await shows(page, found[0]);
  await until(() => names(page), found);
  assert.equal(await page.getByRole('searchbox').inputValue(), 'm03');
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await page.getByRole('status').filter({ hasText: '131 customers' }).waitFor();
  assert.deepEqual(query(page), {});
  await close();
});

test('the export has everybody who matches, quoted, and no formula', async () => {
  await server.receives({ from: '905321110002', name: '=HYPERLINK("http://evil.example","x"), "Q"', text: 'Hello' });
  await server.until('/customers?q=hyperlink', (list) => list.items.length === 1);
  const { page, close } = await openBrowser(server, { acceptDownloads: true });
  // The newest ones are on the last page, which nobody has seen.
  await signIn(page, { to: '/customers?sort=name&order=desc' });
  await shows(page, `Person ${PEOPLE}`);
  const read = async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
    assert.match(download.suggestedFilename(), /^customers-\d{4}-\d\d-\d\d\.csv$/);
    return readFile(await download.path(), 'utf8');
  };
  const text = await read();
  assert.equal(text.charCodeAt(0), 0xfeff);
  const lines = text.slice(1).trimEnd().split('\r\n');
  assert.match(lines[0], /^Name,Phone,E-mail,Channels,Identities,Marketing,Customer since,ID$/);
  assert.equal(lines.length, 1 + PEOPLE + 2);
  assert.deepEqual(lines.filter((line) => /^[=+@-]/.test(line) || /,"?[=+@-]/.test(line)), [], 'cells that a spreadsheet would run');
  assert.ok(lines.some((line) => line.startsWith(`"'=HYPERLINK(""http://evil.example"",""x""), ""Q""",`)));
  assert.deepEqual(lines.map((line) => line.match(/^Person \d+/)?.[0]).filter(Boolean), people().map(({ name }) => name).toReversed());
  // Nobody on the page is new because the export has read everybody.
  assert.equal(await page.getByRole('button', { name: /new or changed/ }).count(), 0);
  await page.getByRole('searchbox').fill('m03');
  await page.getByRole('status').filter({ hasText: '10 customers' }).waitFor();
  assert.equal((await read()).trimEnd().split('\r\n').length, 11);
  await close();
});

test('a list that the server does not answer keeps what it shows', async () => {
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/customers?q=m03' });
  const top = await page.locator('[data-customer] [dir=auto]').first().textContent();
  await page.route('**/api/v1/customers?**', (route) => route.abort());
  await head(page, 'E-mail').click();
  const alert = page.getByRole('alert').filter({ hasText: 'You are offline. What you see is from before.' });
  await alert.waitFor();
  assert.equal((await names(page))[0], top);
  await accessible(page, 'customers-error');
  await page.unroute('**/api/v1/customers?**');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await alert.waitFor({ state: 'detached' });
  await page.getByRole('columnheader', { name: 'E-mail' }).and(page.locator('[aria-sort]')).waitFor();
  await shows(page, people(({ email }) => email.startsWith('m030'))[0].name);
  await close(['ERR_FAILED']);
});

test('customers on a phone and by keyboard', async () => {
  const small = await openBrowser(server, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await signIn(small.page, { to: '/customers?q=m03' });
  await small.page.getByRole('button', { name: 'Customer since' }).click();
  await small.page.getByRole('menuitemcheckbox', { name: 'E-mail' }).or(small.page.getByRole('menuitem', { name: 'E-mail' })).click();
  await small.page.waitForURL('**sort=email**');
  await accessible(small.page, 'customers-phone');
  await small.page.getByRole('list', { name: 'Customers' }).getByRole('button').first().tap();
  await small.page.getByRole('dialog').waitFor();
  await accessible(small.page, 'drawer-phone');
  await small.page.getByRole('button', { name: 'Close' }).first().tap();
  await small.page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok((await small.page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  await small.close();

  const { page, close } = await openBrowser(server);
  await signIn(page, { to: '/customers?sort=name' });
  await page.locator('[data-customer]').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.waitForFunction(() => [...document.querySelectorAll('[data-customer]')].at(-1).contains(document.activeElement));
  const last = await page.evaluate(() => document.activeElement.textContent);
  assert.match(last, /Person/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: last.match(/Person \d+/)[0] }).waitFor();
  // The focus is in the drawer.
  await page.waitForFunction(() => document.activeElement.closest('[role=dialog]') !== null);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.waitForFunction((text) => document.activeElement.textContent === text, last);
  await page.keyboard.press('/');
  await page.waitForFunction(() => document.activeElement.type === 'search');
  await close();
});

const idOf = async (q) => (await server.until(`/customers?q=${encodeURIComponent(q)}`, (list) => list.items.length === 1)).items[0].id;

test('the drawer lies over every page, and Escape and Back close it', async () => {
  const id = await idOf('Ayşe');
  const { page, close } = await openBrowser(server);
  await signIn(page);
  for (const address of ['/inbox', '/board', '/customers', '/settings/deliveries']) {
    await page.goto(address);
    await page.getByRole('main').waitFor();
    await page.goto(`${address}?c=${id}`);
    await dialog(page, 'Ayşe Yılmaz').getByRole('tab', { name: 'Timeline' }).waitFor();
    await page.waitForFunction(() => document.activeElement.closest('[role=dialog]') !== null);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal(query(page).c, undefined, address);
  }
  const openers = {
    '/board': page.getByRole('link', { name: /Ayşe Yılmaz/ }).first(),
    '/customers': page.getByRole('table').getByRole('button', { name: 'Ayşe Yılmaz' }),
    '/inbox': page.getByRole('button', { name: /Open.*Ayşe Yılmaz|Ayşe Yılmaz.*open/i }),
  };
  for (const [address, opener] of Object.entries(openers)) {
    await page.goto(address);
    if (address === '/inbox') await page.getByRole('list', { name: 'Conversations' }).getByText('Ayşe Yılmaz').click();
    await opener.click();
    await dialog(page, 'Ayşe Yılmaz').getByRole('tab', { name: 'Timeline' }).waitFor();
    await page.goBack();
    await dialog(page).waitFor({ state: 'detached' });
    await page.goForward();
    await dialog(page, 'Ayşe Yılmaz').waitFor();
    await page.goBack();
    await dialog(page).waitFor({ state: 'detached' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await dialog(page, 'Ayşe Yılmaz').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.waitForFunction(() => /Ayşe/.test(document.activeElement.ariaLabel ?? document.activeElement.textContent));
  }
  for (const unknown of ['0195fd0c-0000-7000-8000-000000000000', 'no-id-at-all']) {
    await page.goto(`/customers?c=${unknown}`);
    await page.getByText('This customer is not here').waitFor();
  }
  await accessible(page, 'drawer-missing');
  await close(['404', '400']);
});

test('the drawer is live: messages, cards, and a colleague who edits the same field', async () => {
  await server.receives({ from: '905321110003', name: 'Live Person', text: 'First words' });
  const id = await idOf('Live Person');
  const { page, close } = await openBrowser(server);
  // Over a short list: axe reads all of the page.
  await signIn(page, { to: `/customers?q=live&c=${id}` });
  const drawer = dialog(page);
  await drawer.getByText('First words').waitFor();
  await server.receives({ from: '905321110003', name: 'Live Person', text: 'Second words' });
  await drawer.getByText('Second words').waitFor();

  const { cards } = await server.call('GET', `/customers/${id}/details`);
  const board = await server.call('GET', `/boards/${cards[0].board_id}`);
  const target = board.columns.find((column) => column.id !== cards[0].column_id);
  await drawer.getByRole('tab', { name: /Cards/ }).click();
  await drawer.getByText(board.columns[0].name).waitFor();
  await server.call('PATCH', `/cards/${cards[0].id}`, { column_id: target.id, version: cards[0].version });
  await drawer.getByText(target.name).waitFor();

  const edit = (body) => server.call('PATCH', `/customers/${id}`, body);
  // A colleague's edit arrives while one types.
  await drawer.getByRole('button', { name: 'Edit name' }).click();
  await drawer.getByRole('textbox', { name: 'Name' }).fill('My name for them');
  await edit({ name: 'Their first name' });
  await dialog(page, 'Their first name').waitFor();
  await page.keyboard.press('Enter');
  const conflict = drawer.getByRole('alert').filter({ hasText: 'Someone changed this meanwhile' });
  await conflict.getByText('Their first name').waitFor();
  assert.equal(await drawer.getByRole('textbox', { name: 'Name' }).inputValue(), 'My name for them');
  await accessible(page, 'drawer-conflict');
  // A third name, which only the 409 tells of.
  await page.route(`**/api/v1/customers/${id}`, async (route) => {
    await edit({ name: 'Their second name' });
    await route.continue();
  }, { times: 1 });
  await drawer.getByRole('button', { name: 'Save mine anyway' }).click();
  await conflict.getByText('Their second name').waitFor();
  assert.equal(await drawer.getByRole('textbox', { name: 'Name' }).inputValue(), 'My name for them');
  await drawer.getByRole('button', { name: 'Save mine anyway' }).click();
  await server.until(`/customers/${id}`, (customer) => customer.name === 'My name for them');
  await dialog(page, 'My name for them').waitFor();
  // A number that is none is refused in words, and stays.
  await drawer.getByRole('button', { name: 'Edit phone' }).click();
  await drawer.getByRole('textbox', { name: 'Phone' }).fill('12');
  await page.keyboard.press('Enter');
  await drawer.getByText('That is no phone number').waitFor();
  assert.equal(await drawer.getByRole('textbox', { name: 'Phone' }).inputValue(), '12');
  for (const tab of ['Timeline', 'Conversations', 'Cards', 'To do', 'Source']) {
    await drawer.getByRole('tab', { name: tab }).click();
    await checkAccess(page, `drawer, ${tab}`);
  }
  // 409 and 422 are faults to a browser.
  await close(['409', '422']);
});

test('a customer who is joined to another one goes on as that one in the open drawer', async () => {
  const [wa_id, user_id, at] = ['491511234567', 'DE.5500667788990011', Math.floor(Date.now() / 1000) - 1800];
  await writes(server, { to: NUMBER, wa_id, text: 'by number', at });
  await server.until('/customers?q=491511234567', (list) => list.items.length === 1);
  await writes(server, { to: NUMBER, user_id, text: 'by user id', at: at + 1 });
  const { items } = await server.until('/customers?q=Lena', (list) => list.items.length === 2);
  const [younger, older] = items.map(({ id }) => id);
  const { page, close } = await openBrowser(server);
  await signIn(page, { to: `/customers?sort=name&c=${younger}` });
  const drawer = dialog(page);
  await drawer.getByRole('tab', { name: /Conversations/ }).click();
  await drawer.getByText('by user id').waitFor();
  await drawer.getByRole('button', { name: 'Add e-mail' }).click();
  await drawer.getByRole('textbox', { name: 'E-mail' }).fill('half@');
  await writes(server, { to: NUMBER, wa_id, user_id, text: 'by both', at: at + 2 });
  await page.waitForURL((url) => url.searchParams.get('c') === older);
  assert.deepEqual(query(page), { sort: 'name', c: older });
  await drawer.getByText('by both').waitFor();
  assert.equal(await drawer.getByRole('tab', { name: /Conversations/ }).getAttribute('aria-selected'), 'true');
  await drawer.getByText('WhatsApp number').first().waitFor();
  await drawer.getByText('WhatsApp user ID').first().waitFor();
  // What is being typed is still there, and is saved for the one that is left.
  const email = drawer.getByRole('textbox', { name: 'E-mail' });
  assert.equal(await email.inputValue(), 'half@');
  await email.fill('lena@example.test');
  await page.keyboard.press('Enter');
  await server.until(`/customers/${older}`, (customer) => customer.email === 'lena@example.test');
  await page.goto(`/board?c=${younger}`);
  await page.waitForURL((url) => url.searchParams.get('c') === older);
  await dialog(page).getByText('lena@example.test').waitFor();
  await close();
});

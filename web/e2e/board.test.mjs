// The board under hands: fingers, a mouse, keys and colleagues, with few cards and with thousands.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import { checkAccess, closeBrowsers, drawn, nodes, openBrowser, settled, shot, signIn, until } from './browser.mjs';
import { startServer } from './server.mjs';

let server;
let board;
// One browser each for all tests: starting one takes longer than most of them.
let ada;
let bob;
before(async () => {
  server = await startServer();
  // The first message makes the board.
  await server.receives({ from: '905320000001', name: 'First', text: 'Hello' });
  const { items } = await server.until('/boards', (list) => list.items[0]?.columns[0]?.count === 1);
  board = items[0];
  await server.sql(`
    insert into app_user (tenant_id, id, email, name, role)
    select id, gen_random_uuid(), 'bora@example.test', 'Bora Kaya', 'agent' from tenant`);
  [ada, bob] = await Promise.all([openBrowser(server), openBrowser(server)]);
  await Promise.all([signIn(ada.page), signIn(bob.page)]);
});
after(async () => {
  try {
    // Refusals that tests make on purpose; browsers log them.
    await ada?.close(['403', '409']);
    await bob?.close();
  } finally {
    await closeBrowsers();
    await server?.stop();
  }
});
beforeEach(async () => {
  await server.sql('delete from card');
});

/** So many cards called `A 1`, `A 2`… from the top of a column, worth their number, and older than anybody's first look. */
async function seed(column, letter, count) {
  await server.sql(`
    with people as (
      insert into customer (tenant_id, id, name, search)
      select id, gen_random_uuid(), '${letter} ' || n, lower('${letter} ' || n) from tenant, generate_series(1, ${count}) n
      returning tenant_id, id, name, substr(name, 3)::int as n)
    insert into card (tenant_id, id, board_id, column_id, rank, customer_id, title, value_amount, value_currency, source, created_at)
    select tenant_id, ('01900000-00${letter.charCodeAt(0).toString(16)}-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
           '${board.id}', '${board.columns[column].id}', to_hex(4096 + n) || '80', id, name,
           n * 100, 'EUR', case when n % 2 = 0 then 'ad' else 'organic' end, now() - interval '1 day'
    from people`);
}

const columns = (page) => page.locator('[data-column]');
const column = (page, index) => columns(page).nth(index);
const card = (page, name) => page.locator('[data-card]').filter({ has: page.getByText(name, { exact: true }) });

/** What stands in a column, from the top, as it is seen. */
const shown = (page, index) =>
  column(page, index)
    .locator('[data-index]')
    .evaluateAll((rows) => {
      const at = (row) => Number(row.dataset.index);
      return rows.sort((a, b) => at(a) - at(b)).map((row) => row.querySelector('bdi').textContent);
    });

/** What the server has there. */
async function stored(index) {
  const { items } = await server.call('GET', `/boards/${board.id}/columns/${board.columns[index].id}/cards?limit=200`);
  return items.map((item) => item.title);
}

const idOf = async (name) => (await server.sql(`select id from card where title = '${name}'`)).trim();
const read = (name) => idOf(name).then((id) => server.call('GET', `/cards/${id}`));

/** The board as somebody finds it who comes there. */
async function onBoard({ page }, { viewport = { width: 1440, height: 900 }, ...media } = {}) {
  await page.unrouteAll();
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference', ...media });
  await page.mouse.move(0, 0);
  await page.goto('/board');
  await columns(page).first().waitFor();
  return page;
}

/** A toast, which stays as long as the pointer is on it. */
async function toastOf(page, text) {
  const toast = page.getByRole('dialog').filter({ hasText: text });
  await toast.hover();
  return toast;
}

/** A card held with the mouse, moved a little so that the drag has begun. */
async function grab(page, name) {
  const box = await settled(card(page, name));
  const at = { x: box.x + box.width * 0.7, y: box.y + box.height / 2 };
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x + 3, at.y + 8, { steps: 5 });
  await page.waitForFunction(() => document.querySelector('[data-card].opacity-40'));
  return at;
}

async function hover(page, x, y) {
  await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.move(x, y + 1);
}

test('a card is dropped between two others, everybody sees it there, also after a reload; Escape leaves it', async () => {
  await seed(0, 'A', 5);
  await seed(1, 'B', 4);
  await Promise.all([onBoard(ada), onBoard(bob)]);
  await card(ada.page, 'B 2').waitFor();
  await grab(ada.page, 'A 3');
  const below = await settled(card(ada.page, 'B 3'));
  await hover(ada.page, below.x + 60, below.y + 6);
  await ada.page.mouse.up();
  const expected = ['B 1', 'B 2', 'A 3', 'B 3', 'B 4'];
  await until(() => shown(ada.page, 1), expected, 'the one who moves');
  await until(() => stored(1), expected, 'the server');
  await until(() => shown(bob.page, 1), expected, 'the other one');
  await until(() => shown(bob.page, 0), ['A 1', 'A 2', 'A 4', 'A 5']);
  await bob.page.reload();
  await until(() => shown(bob.page, 1), expected, 'after a reload');

  const at = await grab(ada.page, 'A 1');
  await hover(ada.page, below.x + 60, below.y + 6);
  await ada.page.keyboard.press('Escape');
  await ada.page.mouse.up();
  await ada.page.mouse.move(at.x, at.y);
  await ada.page.waitForFunction(() => !document.querySelector('[data-card].opacity-40'));
  assert.deepEqual(await stored(0), ['A 1', 'A 2', 'A 4', 'A 5']);

  // Into a column that is empty, and out of one that is empty then.
  await grab(ada.page, 'A 2');
  const empty = await column(ada.page, 2).boundingBox();
  await hover(ada.page, empty.x + empty.width / 2, empty.y + 300);
  await shot(ada.page, 'board-drop-empty');
  await ada.page.mouse.up();
  await until(() => shown(bob.page, 2), ['A 2']);
  await until(() => stored(2), ['A 2']);
});

test('what opens over the page lies in a landmark', async () => {
  await seed(0, 'A', 3);
  for (const colorScheme of ['light', 'dark']) {
    const page = await onBoard(ada, { colorScheme, reducedMotion: 'reduce' });
    const check = (name) => checkAccess(page, `${name}, ${colorScheme}`);
    const gone = async (locator) => {
      await page.keyboard.press('Escape');
      await locator.first().waitFor({ state: 'detached' });
    };
    await card(page, 'A 1').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Open card' }).waitFor();
    await check('a menu');
    await shot(page, `board-menu-${colorScheme}`);
    await gone(page.getByRole('menu'));

    await page.getByRole('combobox', { name: 'Assignee' }).click();
    await page.getByRole('option', { name: 'Bora Kaya' }).waitFor();
    await check('a select');
    await gone(page.getByRole('option'));

    await page.mouse.move(700, 600);
    await page.getByRole('button', { name: 'Actions for Sales' }).hover();
    await page.locator('main [data-base-ui-portal]').getByText('Actions for Sales').waitFor();
    await check('a tooltip');

    await card(page, 'A 2').click();
    const dialog = page.getByRole('dialog', { name: 'A 2' });
    await dialog.waitFor();
    await check('a dialog');
    await dialog.getByRole('combobox', { name: 'Assignee' }).click();
    await page.getByRole('option', { name: 'Bora Kaya' }).waitFor();
    await check('a select in a dialog');
    await shot(page, `board-dialog-select-${colorScheme}`);
    await gone(page.getByRole('option'));
    await gone(dialog);

    await page.goto('/inbox');
    await page.getByRole('button', { name: /^Filter/ }).click();
    await page.getByRole('dialog').waitFor();
    await check('a popover');
  }
});

test('a colleague is faster: the card goes where it is now, in words, and can be moved all the same', async () => {
  await seed(0, 'A', 3);
  const page = await onBoard(ada);
  await card(page, 'A 1').focus();
  // What is on its way stays there until the colleague has moved the card.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/api/v1/cards/*', async (route) => {
    await held;
    await route.fallback();
  });
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await page.keyboard.press('Alt+ArrowRight');
  await sent;
  await until(() => shown(page, 1), ['A 1'], 'shown at once');
  const { id, version } = await read('A 1');
  await server.call('PATCH', `/cards/${id}`, { column_id: board.columns[3].id, version });
  release();
  const toast = await toastOf(page, 'Somebody else moved A 1 first');
  await toast.getByText('It now stands in Lost.').waitFor();
  await until(() => shown(page, 3), ['A 1'], 'where the server says');
  await until(() => shown(page, 1), []);
  await checkAccess(page, 'a toast');
  await shot(page, 'board-conflict');
  await toast.getByRole('button', { name: 'Move anyway' }).click();
  await until(() => stored(1), ['A 1']);
  await until(() => shown(page, 1), ['A 1']);
});

test('a card that is moved by a colleague, or a new one, while one is dragged', async () => {
  await seed(0, 'A', 3);
  await seed(1, 'B', 3);
  const page = await onBoard(ada);
  await card(page, 'B 3').waitFor();
  await grab(page, 'A 1');
  const { id, version } = await read('A 1');
  await server.call('PATCH', `/cards/${id}`, { column_id: board.columns[3].id, version });
  await until(() => shown(page, 3), ['A 1']);
  const target = await settled(card(page, 'B 2'));
  await hover(page, target.x + 60, target.y + 6);
  await page.mouse.up();
  await until(() => stored(1), ['B 1', 'A 1', 'B 2', 'B 3'], 'the drop still counts');
  await until(() => shown(page, 1), ['B 1', 'A 1', 'B 2', 'B 3']);
  await until(() => page.locator('[data-card].opacity-40').count(), 0, 'nothing looks dragged any more');

  await grab(page, 'A 3');
  await server.receives({ from: '905320000100', name: 'Came In Between', text: 'Hello' });
  await until(() => shown(page, 0), ['Came In Between', 'A 2', 'A 3']);
  const below = await settled(card(page, 'A 2'));
  await hover(page, below.x + 60, below.y + 6);
  await page.mouse.up();
  await until(() => stored(0), ['Came In Between', 'A 3', 'A 2']);
  await until(() => shown(page, 0), ['Came In Between', 'A 3', 'A 2']);
});

test('held at an edge, a card scrolls its column and the board', async () => {
  await seed(0, 'A', 60);
  const page = await onBoard(ada, { viewport: { width: 820, height: 700 } });
  await card(page, 'A 1').waitFor();
  const list = await column(page, 0).boundingBox();
  const top = () => column(page, 0).locator('ul').evaluate((element) => element.parentElement.scrollTop);
  const region = page.getByRole('region', { name: 'Columns of Sales' });
  await grab(page, 'A 1');
  await hover(page, list.x + 100, list.y + list.height - 12);
  await page.waitForFunction(() => document.querySelector('[data-column] ul').parentElement.scrollTop > 300);
  // Back to the middle, so that it stops.
  await hover(page, list.x + 100, list.y + list.height / 2);
  const stopped = await top();
  await shot(page, 'board-scrolled-drag');
  const box = await region.boundingBox();
  await hover(page, box.x + box.width - 8, box.y + 200);
  await page.waitForFunction(() => document.querySelector('main [role=region]').scrollLeft > 100);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  assert.ok(stopped > 300);
  assert.equal((await stored(0))[0], 'A 1');
});

test('several cards are moved and assigned at once, and put back; what was refused is told', async () => {
  await seed(0, 'A', 6);
  const [page] = await Promise.all([onBoard(ada), onBoard(bob)]);
  const all = ['A 1', 'A 2', 'A 3', 'A 4', 'A 5', 'A 6'];
  await until(() => shown(bob.page, 0), all);
  for (const name of ['A 1', 'A 3', 'A 4']) await card(page, name).click({ modifiers: ['ControlOrMeta'] });
  const bar = page.getByRole('region', { name: 'Selected cards' });
  await bar.getByText('3 selected').waitFor();
  await bar.getByRole('button', { name: 'Move to…' }).click();
  await page.getByRole('dialog', { name: 'Move to…' }).getByRole('button', { name: /^Won/ }).click();
  const moved = await toastOf(page, 'Moved 3 cards to Won');
  await until(() => stored(2), ['A 1', 'A 3', 'A 4']);
  await until(() => shown(bob.page, 2), ['A 1', 'A 3', 'A 4']);
  await shot(page, 'board-bulk');
  await moved.getByRole('button', { name: 'Undo' }).click();
  await until(() => stored(0), all, 'all back in their places');
  await until(() => shown(page, 0), all);
  await until(() => shown(bob.page, 0), all);
  await until(() => shown(bob.page, 2), []);

  await bar.getByRole('button', { name: 'Assign' }).click();
  await page.getByRole('menuitem', { name: 'Bora Kaya' }).click();
  const assigned = () => server.sql('select count(*) from card where assignee_id is not null').then((text) => text.trim());
  await toastOf(page, 'Assigned 3 cards to Bora Kaya');
  await until(assigned, '3');
  await bob.page.getByTitle('Assigned to Bora Kaya').nth(2).waitFor();
  await page.keyboard.press('Control+z');
  await until(assigned, '0');
  await bob.page.getByTitle('Assigned to Bora Kaya').first().waitFor({ state: 'detached' });

  // One of three is refused: the other two go.
  const refused = await idOf('A 3');
  await page.route(`**/api/v1/cards/${refused}`, (route) =>
    route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ status: 403, code: 'forbidden', title: 'Forbidden', detail: 'No.' }) }),
  );
  await bar.getByRole('button', { name: 'Move to…' }).click();
  await page.getByRole('dialog', { name: 'Move to…' }).getByRole('button', { name: /^Won/ }).click();
  await page.getByText('A 3 was not moved.').first().waitFor();
  await page.getByText('Moved 2 cards to Won').first().waitFor();
  await until(() => shown(page, 0), ['A 2', 'A 3', 'A 5', 'A 6'], 'the refused one is back');
  await until(() => stored(2), ['A 1', 'A 4']);
  await shot(page, 'board-bulk-refused');
});

test('an exported file has every card, also those that nobody scrolled to, and runs nothing', async () => {
  await seed(0, 'A', 130);
  await seed(1, 'B', 2);
  await server.sql(`update card set title = '=cmd|'' /c calc''!A0' where title = 'A 120'`);
  await server.sql(`update card set title = 'say "hi", or' || chr(10) || 'not' where title = 'A 121'`);
  const page = await onBoard(ada);
  await card(page, 'A 1').waitFor();
  const save = async (menu, item) => {
    await page.getByRole('button', { name: menu }).click();
    const waiting = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    const file = await waiting;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const one = await save('Actions for Potential', 'Export column as CSV');
  assert.match(one.name, /^Sales Potential \d{4}-\d\d-\d\d\.csv$/);
  assert.ok(one.text.startsWith('\ufeffCustomer,Title,Value,Currency,Column,Source,Assignee,Due,Created\r\n'), one.text.slice(0, 80));
  const lines = one.text.split('\r\n');
  assert.equal(lines.length, 132, 'a header, 130 cards, and the end of the last line');
  assert.match(lines[1], /^A 1,A 1,1\.00,EUR,Potential,Direct,,,\d{4}-/);
  assert.match(lines[120], /^A 120,'=cmd\|' \/c calc'!A0,120\.00,EUR,/);
  assert.match(lines[121], /^A 121,"say ""hi"", or\nnot",121\.00,/);
  const all = await save('Actions for Sales', 'Export board as CSV');
  assert.equal(all.text.split('\r\n').length, 134);
  assert.ok(all.text.includes('\r\nB 2,B 2,2.00,EUR,In progress,Ad,'));
  await page.getByText('Exported 132 cards').first().waitFor();
});

test('a new card is marked until it was looked at; counts and sums follow; the filters are in the address', async () => {
  await seed(0, 'A', 3);
  const page = await onBoard(ada);
  const head = column(page, 0).locator('header');
  await head.getByText('3', { exact: true }).waitFor();
  await head.getByText('€6', { exact: true }).waitFor();
  await server.receives({ from: '905320000200', name: 'Brand New', text: 'Hello' });
  const fresh = card(page, 'Brand New');
  await fresh.getByText('New', { exact: true }).waitFor();
  await head.getByText('4', { exact: true }).waitFor();
  const { id } = await read('Brand New');
  await server.call('PATCH', `/cards/${id}`, { value: { amount: 25000, currency: 'EUR' } });
  await head.getByText('€256', { exact: true }).waitFor();
  await fresh.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Brand New' }).waitFor();
  await page.keyboard.press('Escape');
  await fresh.getByText('New', { exact: true }).waitFor({ state: 'detached' });
  await page.reload();
  await fresh.waitFor();
  assert.equal(await fresh.getByText('New', { exact: true }).count(), 0, 'also after a reload');

  await page.getByRole('combobox', { name: 'Source' }).click();
  await page.getByRole('option', { name: 'Ad', exact: true }).click();
  await until(() => shown(page, 0), ['A 2']);
  await head.getByText('1 / 4', { exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Assignee' }).click();
  await page.getByRole('option', { name: 'Not assigned' }).click();
  await page.getByRole('searchbox', { name: 'Search cards' }).fill('a');
  await page.waitForURL(({ searchParams }) => [...searchParams].sort().join(' ') === 'assignee,none q,a source,ad');
  await page.reload();
  await until(() => shown(page, 0), ['A 2'], 'a filtered address is shown filtered');
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await until(() => shown(page, 0), ['Brand New', 'A 1', 'A 2', 'A 3']);
  assert.equal(new URL(page.url()).search, '');
});

test('a card is edited; what a colleague changes meanwhile is asked about, and nothing typed is lost', async () => {
  await seed(0, 'A', 2);
  const page = await onBoard(ada);
  await card(page, 'A 1').click();
  const dialog = page.getByRole('dialog', { name: 'A 1' });
  await dialog.getByLabel('Title').fill('Roof');
  await dialog.getByLabel('Value').fill('1,250.50');
  await dialog.getByRole('combobox', { name: 'Assignee' }).click();
  await page.getByRole('option', { name: 'Bora Kaya' }).click();
  await dialog.getByLabel('Due').fill('2031-05-06');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const saved = await read('Roof');
  assert.deepEqual(saved.value, { amount: 125050, currency: 'EUR' });
  assert.equal(saved.assignee.name, 'Bora Kaya');
  assert.equal(saved.due_at.slice(0, 10), '2031-05-06');
  await card(page, 'Roof').getByText('€1,250.50').waitFor();

  await card(page, 'Roof').click();
  const again = page.getByRole('dialog', { name: 'Roof' });
  await again.getByLabel('Title').fill('Roof and walls');
  await server.call('PATCH', `/cards/${saved.id}`, { title: 'Roof, urgent', due_at: null, version: saved.version });
  const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else changed this card' });
  await conflict.getByText('Title: Roof → Roof, urgent').waitFor();
  await shot(page, 'board-edit-conflict');
  const title = page.getByRole('dialog').getByLabel('Title');
  await until(() => page.getByLabel('Due').inputValue(), '', 'a field that nobody typed in follows');
  assert.equal(await title.inputValue(), 'Roof and walls');
  await conflict.getByRole('button', { name: 'Save mine over it' }).click();
  await title.waitFor({ state: 'detached' });
  assert.equal((await read('Roof and walls')).due_at, null, 'only what was typed is written');

  // Refused by the server before the event is here: the same question.
  await card(page, 'Roof and walls').click();
  await title.fill('Mine');
  const colleague = async (route) => {
    await server.call('PATCH', `/cards/${saved.id}`, { title: 'Theirs' });
    await route.fallback();
  };
  await page.route('**/api/v1/cards/*', colleague, { times: 1 });
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('Title: Roof and walls → Theirs').waitFor();
  assert.equal(await title.inputValue(), 'Mine');
  assert.equal((await read('Theirs')).title, 'Theirs');
  // Moved by a colleague while it is open: no question, it just stands elsewhere.
  const { version } = await read('Theirs');
  await server.call('PATCH', `/cards/${saved.id}`, { column_id: board.columns[1].id, version });
  await page.getByRole('dialog').getByText('In progress').first().waitFor();
  assert.equal(await title.inputValue(), 'Mine');
  await page.getByRole('dialog').getByRole('button', { name: 'Save mine over it' }).click();
  await title.waitFor({ state: 'detached' });
  assert.equal((await read('Mine')).column_id, board.columns[1].id);
});

test('nothing moves by itself where that is not wanted, and compact is smaller', async () => {
  await seed(0, 'A', 6);
  const page = await onBoard(ada, { reducedMotion: 'reduce' });
  await card(page, 'A 1').waitFor();
  const longest = () =>
    page.evaluate(() => {
      const seconds = (text) => Math.max(...text.split(',').map((part) => (part.includes('ms') ? parseFloat(part) / 1000 : parseFloat(part))));
      return Math.max(...[...document.querySelectorAll('*')].map((element) => {
        const style = getComputedStyle(element);
        return Math.max(seconds(style.transitionDuration), seconds(style.animationDuration));
      }));
    });
  const height = async () => (await card(page, 'A 3').boundingBox()).height;
  assert.ok((await longest()) < 0.001);
  const comfortable = await height();
  await card(page, 'A 2').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await until(() => stored(0), ['A 1', 'A 3', 'A 2', 'A 4', 'A 5', 'A 6']);
  await card(page, 'A 1').getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menu').waitFor();
  assert.ok((await longest()) < 0.001);
  await page.keyboard.press('Escape');
  await page.goto('/profile');
  await page.getByText('Compact', { exact: true }).click();
  await page.goto('/board');
  await card(page, 'A 3').waitFor();
  assert.ok((await height()) < comfortable - 8, `${await height()} px, before ${comfortable}`);
  await shot(page, 'board-compact');
});

test('two thousand cards in a column: scrolled to the end, and the last one moved to the top', async () => {
  await seed(0, 'A', 2000);
  const page = await onBoard(ada);
  await card(page, 'A 1').waitFor();
  const box = await column(page, 0).boundingBox();
  await page.mouse.move(box.x + 100, box.y + 300);
  const last = card(page, 'A 2000');
  for (let turn = 0; (await last.count()) === 0; turn += 1) {
    await page.mouse.wheel(0, 9000);
    await drawn(page);
    if (turn % 10 === 0) assert.ok((await nodes(page)) <= 2000);
  }
  assert.ok((await nodes(page)) <= 2000, `${await nodes(page)} elements`);
  await last.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Move to…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move to…' });
  await dialog.getByRole('button', { name: /^Potential/ }).click();
  await until(async () => (await stored(0)).slice(0, 2), ['A 2000', 'A 1']);
  await last.waitFor();
  await until(() => shown(page, 0).then((names) => names.slice(0, 2)), ['A 2000', 'A 1']);
  await until(() => last.evaluate((element) => element.contains(document.activeElement)), true, 'the focus is in it');
  await shot(page, 'board-two-thousand');
});

test('on a phone: a swipe scrolls, and cards are moved by menu and by keys', async () => {
  await seed(0, 'A', 30);
  const { page, close } = await openBrowser(server, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await signIn(page, { to: '/board' });
  await card(page, 'A 1').waitFor();
  const session = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
  const box = await settled(card(page, 'A 4'));
  const x = box.x + box.width / 2;
  await touch('touchStart', { x, y: box.y + 20 });
  for (let step = 1; step <= 10; step += 1) await touch('touchMove', { x, y: box.y + 20 - step * 25 });
  await touch('touchEnd');
  await page.waitForFunction(() => document.querySelector('[data-column] ul').parentElement.scrollTop > 150);
  assert.equal(await page.getByRole('dialog').count(), 0, 'a swipe opens nothing');
  assert.equal((await stored(0))[3], 'A 4', 'and moves nothing');
  // It still glides.
  await page.reload();

  await card(page, 'A 2').getByRole('button', { name: 'More actions' }).tap();
  await page.getByRole('menuitem', { name: 'Move to…' }).tap();
  await shot(page, 'board-phone-move');
  await page.getByRole('dialog', { name: 'Move to…' }).getByRole('button', { name: /^In progress/ }).tap();
  await until(() => stored(1), ['A 2']);
  await until(() => shown(page, 0).then((names) => names[1]), 'A 3', 'the column stays, the card is gone');
  await until(() => card(page, 'A 3').evaluate((element) => element === document.activeElement), true, 'the focus is on the next one');
  const bar = await page.getByRole('navigation', { name: 'Pages' }).boundingBox();
  const toast = await settled(page.getByRole('dialog').filter({ hasText: 'Moved A 2 to In progress' }));
  assert.ok(toast.y + toast.height <= bar.y, 'the toast leaves the bar below it free');
  await shot(page, 'board-phone');
  await page.getByRole('button', { name: 'Next column' }).tap();
  await card(page, 'A 2').waitFor();
  await page.getByRole('button', { name: 'Previous column' }).tap();
  await card(page, 'A 1').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await until(() => stored(0).then((names) => names.slice(0, 2)), ['A 3', 'A 1']);
  await page.keyboard.press('Alt+ArrowRight');
  await until(() => stored(1).then((names) => names.includes('A 1')), true);
  await until(() => card(page, 'A 1').evaluate((element) => element === document.activeElement), true, 'the page goes along with the card');
  await checkAccess(page, 'the board on a phone');
  await close();
});

// What the pages show of the texts that `hostile.mjs` wrote, place by place.
import assert from 'node:assert/strict';
import { CARD, FACES, field, FIELDS, idOf, joined, kept, letters, PORTION, portions, rows, trimmed, visitorOf } from './hostile.mjs';

/**
 * What the page is made of: the texts that its elements show, the kinds of elements and attributes it has, how many of
 * those that load or run something, and where its links lead.
 */
export function look(page) {
  return page.evaluate(() => {
    const texts = new Set();
    const vocabulary = new Set();
    const counts = {};
    const links = [];
    for (const element of document.querySelectorAll('*')) {
      // What turns while something loads comes and goes.
      if (element.closest('svg.animate-spin')) continue;
      const tag = element.localName;
      vocabulary.add(tag);
      // What the kit says of its popups by data-* comes and goes, and does nothing.
      for (const { name } of element.attributes) if (!name.startsWith('data-')) vocabulary.add(`${tag}[${name}]`);
      if (tag === 'link' && element.rel === 'modulepreload') continue;
      if (/^(script|style|link|meta|base|iframe|frame|object|embed|form|img|image|audio|video|template|math)$/.test(tag)) counts[tag] = (counts[tag] ?? 0) + 1;
      if (tag === 'a' && element.href) links.push({ href: element.getAttribute('href'), to: element.href, text: element.textContent, target: element.target, rel: element.rel });
      if (tag === 'input') texts.add(element.value);
      // Where a link leads, the app says beside what was written.
      const notes = [...element.querySelectorAll('a[href] > span')].map((note) => note.textContent);
      if (tag === 'p' || [...element.childNodes].some((node) => node.nodeType === 3)) texts.add(notes.reduce((text, note) => text.replace(note, ''), element.textContent));
    }
    return { texts: [...texts], vocabulary: [...vocabulary], counts, links, polluted: Object.keys(Object.prototype), title: document.title };
  });
}

function merged(looks) {
  const set = (key) => [...new Set(looks.flatMap((one) => one[key]))];
  const links = [...new Map(looks.flatMap((one) => one.links).map((link) => [JSON.stringify(link), link])).values()];
  const counts = {};
  for (const one of looks) for (const [tag, n] of Object.entries(one.counts)) counts[tag] = Math.max(counts[tag] ?? 0, n);
  return { texts: set('texts'), vocabulary: set('vocabulary'), counts, links, polluted: set('polluted') };
}

/** All rows of a virtual list, from its top to its end: what every part of it looked like. */
async function sweep(page, rows, count) {
  const looks = [];
  const seen = new Set();
  await page.locator(rows).first().waitFor();
  await scroll(page, rows, -1);
  for (let turn = 0; turn < 400; turn += 1) {
    // Long texts are folded.
    const more = page.getByRole('main').getByRole('button', { name: 'Show all' });
    for (let left = await more.count(); left > 0; left -= 1) await more.first().click();
    for (const index of await page.locator(rows).evaluateAll((list) => list.map((row) => row.dataset.index))) seen.add(index);
    looks.push(await look(page));
    if (seen.size >= count) return merged(looks);
    await scroll(page, rows, 0.7);
  }
  throw new Error(`only ${seen.size} of ${count} rows of ${rows} were ever there`);
}

/** To a place of the app, as a link in it leads there. */
async function go(page, path) {
  await page.keyboard.press('Escape');
  await page.evaluate((to) => history.pushState(null, '', to), path);
}

/** By a part of the pane's height, or to its top. */
function scroll(page, rows, by) {
  return page.evaluate(
    async ([selector, part]) => {
      let pane = document.querySelector(selector);
      while (pane && !/auto|scroll/.test(getComputedStyle(pane).overflowY)) pane = pane.parentElement;
      pane.scrollTop = part < 0 ? 0 : pane.scrollTop + pane.clientHeight * part;
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    },
    [rows, by],
  );
}

/** WhatsApp's marks are drawn, not shown; nothing else of a text is. */
const unmarked = (text) => kept(text).replace(/[*_~`]/g, '');
/** In one line, as lists show it. */
const flat = (text) => unmarked(text).replace(/\s+/g, ' ').trim();
const all = (texts) => joined(texts.map(kept));

/** Every told text is the whole text of an element. */
function shows(looked, told, where) {
  const texts = new Set(looked.texts.flatMap((text) => [text, unmarked(text), flat(text)]));
  const missing = told.filter((text) => !texts.has(text));
  assert.deepEqual(missing.slice(0, 5).map((text) => text.slice(0, 300)), [], `${where}: not shown as written`);
}

/** Each goes to a place, holds what it shows against what was written, and gives what it saw. */
export const places = {
  async threads(page, server, { groups }) {
    const looks = [];
    for (const { id, of, labels } of groups) {
      await go(page, `/inbox/${id}?status=all`);
      const thread = await sweep(page, '[data-thread] [data-index]', FACES);
      const known = idOf(of);
      const one = of.map(kept);
      const told = [...FIELDS.map((name) => field(name, one)), ...CARD.flatMap((name) => one.map((text) => `${name} ${text}`)), ...one.filter((text) => text.trim() !== '')];
      shows(thread, [unmarked(of.join('\n')), `Catalogue ${known}`, `About product ${known}`, `Ad ${known}`, `Type: ${all(of)}`, ...told.map((text) => (/^(button|row|quick|note) /.test(text) ? unmarked(text) : text))], `the thread of ${of[0]}`);
      assert.equal(await page.getByTitle('Jump to the quoted message').textContent(), field('file', one), 'the quote');
      await page.getByRole('button', { name: 'Show raw data' }).last().click();
      const raw = JSON.parse(await page.getByRole('dialog').locator('pre').textContent());
      assert.deepEqual(new Set(Object.keys(raw[all(of)])), new Set(of.map(kept)), 'the raw data');
      looks.push(thread, await look(page));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Labels' }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
      looks.push(await look(page));
      shows(looks.at(-1), labels, `the labels of ${of[0]}`);
    }
    return merged(looks);
  },

  /** Names and last messages. */
  async list(page, server, { people, groups }) {
    const [count] = await rows(server, 'count(*)', 'true');
    await go(page, '/inbox?status=all');
    const list = await sweep(page, '[aria-label="Conversations"] [data-index]', Number(count));
    shows(list, people.flatMap(({ text, name }) => [name, flat(text.slice(0, 200))]), 'the list');
    shows(list, groups.flatMap(({ labels }) => labels.slice(0, 2)), 'labels in the list');
    return list;
  },

  /** Addresses by themselves, and files of a kind that the platform made up. */
  async addresses(page, server, { addresses, texts, tag }) {
    const looks = [];
    for (const [at, of] of portions(addresses, PORTION / 2).entries()) {
      const [id] = await rows(server, 'c.id', `u.name = 'Places ${tag} ${at}.'`);
      await go(page, `/inbox/${id}?status=all`);
      looks.push(await sweep(page, '[data-thread] [data-index]', of.length * 2));
      shows(looks.at(-1), of.map(unmarked), 'addresses');
    }
    const [files] = await rows(server, 'c.id', `u.name = '7720${tag}'`);
    await go(page, `/inbox/${files}?status=all`);
    await page.locator('[data-thread] article').first().waitFor();
    looks.push(await look(page));
    shows(looks.at(-1), texts.map(kept), 'files');
    return merged(looks);
  },

  async customers(page, server, { people }) {
    const looks = [];
    await page.goto('/customers?q=mail.example');
    for (let at = 1; ; at += 1) {
      await page.locator('[aria-busy=false] [data-customer]').first().waitFor();
      looks.push(await look(page));
      const next = page.getByRole('button', { name: 'Next page' });
      if (!(await next.isVisible()) || (await next.isDisabled())) break;
      await next.click();
      await page.getByText(`Page ${at + 1} of`).first().waitFor();
    }
    shows(merged(looks), people.flatMap(({ name, mail }) => [name, mail]), 'customers');
    return merged(looks);
  },

  async board(page, server, { people }) {
    await go(page, '/board');
    const [count] = await rows(server, 'count(distinct d.id)', 'true', 'join card d on d.customer_id = u.id');
    const board = await sweep(page, '[aria-label="Cards in Potential"] [data-index]', Number(count));
    shows(board, people.flatMap(({ name, title }) => [name, title]), 'the board');
    await go(page, `/board?card=${people[0].card}`);
    await page.getByRole('dialog').waitFor();
    return merged([board, await look(page)]);
  },

  /** A visitor's leads, a lead form, the lines that somebody wrote to. */
  async drawer(page, server, { texts, addresses, names, tag }) {
    const looks = [];
    const open = async (where, tabs) => {
      await go(page, `/customers?c=${(await server.sql(`select id from customer where ${where}`)).trim()}`);
      for (const tab of tabs) {
        await page.getByRole('tab', { name: tab }).click();
        await page.getByRole('tabpanel', { name: tab }).locator('li').first().waitFor();
        looks.push(await look(page));
      }
      return looks.slice(-tabs.length);
    };
    const visitors = portions(addresses, PORTION);
    const written = letters(texts, visitors.length);
    for (const [at, of] of visitors.entries()) {
      const [todo, source] = await open(`email = '${visitorOf(tag, at)}'`, ['To do', 'Source']);
      shows(todo, written.slice(at, at + 1), 'what a visitor wrote');
      shows(source, of.map((text) => trimmed(kept(text).slice(0, 2000))), 'where a visitor came from');
    }
    const [todo, source] = await open(`email = 'lead${tag}@example.test'`, ['To do', 'Source', 'Timeline']);
    const form = todo.texts.find((text) => text.startsWith('email: '));
    for (const text of texts.map(kept)) assert.ok(form.includes(`${text.replaceAll('_', ' ')}: ${text}`), `the form's answer ${JSON.stringify(text)}`);
    shows(source, [all(texts)], 'the ad of a form');
    const [lines] = await open(`name = 'Lines ${tag}.'`, ['Conversations']);
    shows(lines, names.slice(-PORTION).filter(isId).map((text) => trimmed(kept(text))), 'channels');
    return merged(looks);
  },

  /** The keys of a delivery, and the channels that it made. */
  async deliveries(page, server, { texts, names, odd }) {
    await page.goto(`/settings/deliveries?id=${odd}`);
    const body = page.getByRole('dialog').locator('pre');
    await body.waitFor();
    const { entry } = JSON.parse(await body.textContent());
    for (const text of texts.map(kept)) assert.ok(Object.hasOwn(entry[0], text), `a key of the body: ${JSON.stringify(text)}`);
    const detail = await look(page);
    await page.goto('/settings/deliveries');
    await page.getByRole('heading', { name: /channels?/ }).first().waitFor();
    const list = await look(page);
    shows(list, names.filter(isId).map((text) => trimmed(kept(text))), 'channels');
    return merged([detail, list]);
  },
};

/** The number of a line is an id to the server: longer ones are none. */
const isId = (text) => Buffer.byteLength(trimmed(kept(text))) <= 512;

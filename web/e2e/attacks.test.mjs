// What strangers write is shown as written and does nothing: in every field, in addresses, from other pages and tabs.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { closeBrowsers, openBrowser, shot, signIn, until } from './browser.mjs';
import { corpus, families } from './corpus.mjs';
import { edit, joined, kept, openGraph, seed } from './hostile.mjs';
import { look, places } from './looks.mjs';
import { EMAIL, PASSWORD, startServer } from './server.mjs';

const TALL = { width: 1440, height: 3000 };
let server;
let graph;
/** What each place looks like with texts that nobody could mind. */
const clean = {};
let world;
/** One browser for all places: what it reports at its end is reported by one of them. */
let own;
let dialogs = 0;

async function enter(options) {
  const browser = await openBrowser(server, options);
  browser.context.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await signIn(browser.page);
  return browser;
}

before(async () => {
  graph = await openGraph();
  server = await startServer({ GRAPH_API_URL: graph.url });
  own = await enter({ viewport: TALL });
  const plain = [...Array.from({ length: 22 }, (_, at) => `Plain ${at + 1}`), 'https://plain.example/', 'https://m\u00fcnchen.example/', `*plain* _and_ ~such~ \`as\` ${'x'.repeat(1300)}`];
  const gentle = await seed(server, graph, plain, ['https://plain.example/', 'https://m\u00fcnchen.example/'], '21');
  await edit(server, gentle);
  for (const [name, place] of Object.entries(places)) clean[name] = await place(own.page, server, gentle);
  world = await seed(server, graph, corpus, [...families.schemes, ...families.links], '22');
  await edit(server, world);
});
after(async () => {
  await closeBrowsers();
  await server?.stop();
  graph?.close();
});

/** Nothing came of what was written: no element or attribute that a clean page doesn't have, no link to anywhere odd. */
function harmless(name, looked, like = clean[name]) {
  const usual = new Set(Object.values(clean).flatMap((one) => one.vocabulary));
  assert.deepEqual(looked.vocabulary.filter((word) => !usual.has(word)), [], `${name}: elements or attributes were made of a text`);
  assert.deepEqual(looked.counts, like.counts, `${name}: elements that load or run`);
  assert.deepEqual(looked.polluted, []);
  for (const link of looked.links) {
    const { protocol, hostname, origin } = new URL(link.to);
    const said = JSON.stringify(link);
    if (origin === server.url) continue;
    if (protocol === 'tel:') assert.equal(link.text.replace(/[^\d+]/g, ''), link.href.slice(4), said);
    else if (protocol === 'mailto:') assert.equal(decodeURIComponent(link.href), `mailto:${link.text}`, said);
    else {
      assert.equal(protocol, 'https:', said);
      assert.deepEqual([link.target, link.rel], ['_blank', 'noopener noreferrer'], said);
      assert.ok(link.text.toLowerCase().includes(hostname) || hostname === 'www.openstreetmap.org', `a link does not say where it leads: ${said}`);
    }
  }
  assert.equal(dialogs, 0);
}

for (const name of Object.keys(places)) {
  test(`what strangers write is shown as written and does nothing: ${name}`, async () => {
    harmless(name, await places[name](own.page, server, world));
  });
}

test('no place reported anything', () => own.close());

test('what stands in the address is a search at most', async () => {
  const { page, close } = await enter();
  const nothing = JSON.stringify({ items: [], next_cursor: null });
  await page.route(/\/api\/v1\/conversations\?/, (route) => route.fulfill({ contentType: 'application/json', body: nothing }));
  // A box has one line; JSON in an address is a value to the router, and no search.
  const line = (text) => text.trim().slice(0, 200).replace(/[\r\n]/g, '');
  /** Each text as every parameter; those that the box never showed. */
  const walk = (texts) =>
    page.evaluate(async (list) => {
      const missed = [];
      for (const [text, shown, turns] of list) {
        const query = new URLSearchParams(['q', 'label', 'view', 'channel', 'm', 'status', 'order', 'unread', 'dir', 'theme', '__proto__', 'constructor'].map((key) => [key, text]));
        history.pushState(null, '', `/inbox?${query}`);
        const box = () => document.querySelector('input[type=search], [role=searchbox]').value;
        for (let turn = 0; turn < turns && box() !== shown; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
        if (turns > 10 && box() !== shown) missed.push(text);
      }
      return missed;
    }, texts.map((text) => [text, line(text), isJson(text) ? 5 : 4000]));
  await walk(['plain']);
  const like = await look(page);
  assert.deepEqual(await walk(corpus.map((text) => text.toWellFormed())), []);
  harmless('the address', await look(page), like);
  assert.equal(new URL(page.url()).origin, server.url);
  await close();
});

function isJson(text) {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

test('what an answer says of its failure is text', async () => {
  const { page, close } = await enter();
  const hostile = joined(corpus.map(kept));
  const problem = (code, detail) => ({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ type: 'javascript:alert(1)', title: detail, status: 500, detail, code, request_id: detail }) });
  const fail = async (code, detail) => {
    await page.route(/\/api\/v1\/conversations\?/, (route) => route.fulfill(problem(code, detail)));
    await page.goto(`/inbox?q=${encodeURIComponent(code)}`);
    await page.getByRole('alert').filter({ hasText: detail.slice(0, 20) }).first().waitFor();
    const looked = await look(page);
    assert.ok(looked.texts.includes(detail), 'the detail is shown as it came');
    return looked;
  };
  clean.failure = await fail('unavailable', 'Not available right now');
  for (const code of ['unavailable', 'constructor', '__proto__', '<img src=x onerror=alert(1)>']) harmless('failure', await fail(code, hostile));
  await close(['500']);
});

test('links open by themselves and alone, whatever is pressed', async () => {
  const { page, context, close } = await enter();
  await context.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>out</title>' }));
  const texts = ['https://out.example/a?b#c', 'javascript:alert(1)', '//evil.example', 'data:text/html,<script>alert(1)</script>', '[x](javascript:alert(1))'];
  for (const text of texts) await server.receives({ from: '905321230001', name: 'Linda', text });
  const { items } = await server.until('/conversations?q=Linda', (list) => list.items[0]?.last_message?.text === texts.at(-1));
  await page.goto(`/inbox/${items[0].id}`);
  const thread = page.getByRole('region', { name: 'Messages' });
  const link = thread.getByRole('link', { name: 'https://out.example/a?b#c' });
  for (const button of ['left', 'middle']) {
    const [opened] = await Promise.all([context.waitForEvent('page'), link.click({ button })]);
    // While it still goes where the link leads, there may be nobody to ask.
    await until(() => opened.evaluate(() => [window.opener, document.referrer]).catch(() => null), [null, '']);
    await opened.close();
  }
  for (const text of texts.slice(1)) {
    for (const button of ['left', 'middle']) await thread.getByText(text, { exact: true }).click({ button });
  }
  assert.equal(context.pages().length, 1);
  assert.equal(new URL(page.url()).pathname, `/inbox/${items[0].id}`);
  assert.deepEqual(await thread.getByRole('link').evaluateAll((list) => list.map((one) => one.href)), ['https://out.example/a?b#c']);
  await close();
});

/** A page of somebody else on this machine. Its path is none of the app's, also where a test shows a built app. */
async function openForeign(html) {
  const listener = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${listener.address().port}/health/page`, close: () => listener.close() };
}

const GARBAGE = [null, undefined, 0, 'x', '', true, [], {}, [null], { type: null }, { type: 'seen?' }, { type: 'seen', id: {} }, { type: 'seen', id: '__proto__' }, { data: 'logout' }, 'LOGOUT', { type: 'logout' }, 'javascript:alert(1)', { __proto__: null, constructor: { prototype: { polluted: 1 } } }];

test('no other page frames the app, holds it or talks to it', async () => {
  const { page, context, close } = await enter();
  await server.receives({ from: '905321230002', name: 'Frida', text: 'Hello' });
  await page.getByRole('list', { name: 'Conversations' }).getByText('Frida').click();
  await page.getByRole('region', { name: 'Messages' }).getByText('Hello').waitFor();
  const seen = async () => [page.url(), (await page.getByRole('main').textContent()).replaceAll(/\d\d:\d\d/g, '')];
  const was = await seen();

  const foreign = await openForeign(`<!doctype html><title>foreign</title><iframe src="${server.url}/inbox"></iframe>`);
  const other = await context.newPage();
  await other.goto(foreign.url);
  const frame = other.frames()[1];
  await frame.waitForLoadState().catch(() => undefined);
  assert.ok(!frame.url().startsWith(server.url), `framed: ${frame.url()}`);
  const [opened] = await Promise.all([context.waitForEvent('page'), other.evaluate((url) => void (window.held = window.open(url)), `${server.url}/inbox`)]);
  await opened.getByRole('list', { name: 'Conversations' }).getByText('Frida').waitFor();
  assert.equal(await opened.evaluate(() => window.opener), null);
  const held = await other.evaluate((garbage) => {
    for (const each of [...garbage, 'logout']) window.held.postMessage(each, '*');
    return [window.held.closed, window.held.length];
  }, GARBAGE);
  assert.deepEqual(held, [true, 0], 'the handle leads to no window');
  await other.close();
  foreign.close();

  // As if one had got hold of the window after all, and from a tab of the same origin that is broken.
  await page.evaluate((garbage) => {
    for (const data of [...garbage, 'logout']) {
      window.postMessage(data, '*');
      window.dispatchEvent(new MessageEvent('message', { data, origin: 'https://evil.example' }));
    }
  }, GARBAGE);
  const user = (await server.call('GET', '/auth/me')).id;
  await opened.evaluate(
    ([garbage, id]) => {
      for (const name of ['sb', 'sb-alerts']) for (const data of garbage) new BroadcastChannel(name).postMessage(data);
      for (const key of ['sb-theme', 'sb-density', 'sb-lang', 'sb.alerts', 'sb.advance', 'sb.panel', 'sb-customers-hidden', `sb-board-seen:${id}`, ...Object.keys(localStorage)]) {
        for (const value of ['', 'null', '[]', '{', '"x"', '{"__proto__":{"polluted":1}}', '{"floor":{},"seen":[{}]}', '<img src=x onerror=alert(1)>']) localStorage.setItem(key, value);
      }
    },
    [GARBAGE, user],
  );
  // A message that comes after the garbage has been read.
  await server.receives({ from: '905321230002', name: 'Frida', text: 'Still here?' });
  await page.getByRole('region', { name: 'Messages' }).getByText('Still here?').waitFor();
  assert.equal(page.url(), was[0]);
  assert.ok((await seen())[1].includes('Hello'));
  await page.reload();
  await page.getByRole('region', { name: 'Messages' }).getByText('Still here?').waitFor();
  for (const path of ['/board', '/customers', '/profile']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  }
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  assert.equal(dialogs, 0);
  await close(['frame-ancestors', 'X-Frame-Options']);
});

test('keys that lead to Object.prototype are data, in answers and in frames', async () => {
  const { page, close } = await enter();
  const POISON = '"__proto__":{"polluted":true,"version":9e9},"constructor":{"prototype":{"polluted":true}},"prototype":{"polluted":true},';
  const poisoned = (json) => json.replaceAll(/\{(?=")/g, `{${POISON}`);
  const odd = (json) => poisoned(json.replaceAll(/"url":(null|"[^"]*")/g, '"url":"/\\\\evil.example/x.png"').replaceAll('"state":"pending"', '"state":"ready"'));
  await page.route(/\/api\/v1\//, async (route) => {
    const answer = await route.fetch();
    const { 'content-encoding': _, 'content-length': __, ...headers } = answer.headers();
    await route.fulfill({ status: answer.status(), headers, body: odd(await answer.text()) });
  });
  let frames = 0;
  await page.routeWebSocket(/\/api\/v1\/realtime/, (socket) => {
    const line = socket.connectToServer();
    socket.onMessage((text) => line.send(text));
    line.onMessage((text) => {
      frames += 1;
      socket.send(poisoned(text));
    });
  });
  await server.receives({ from: '905321230003', name: 'Petra', message: { type: 'image', image: { id: '77', mime_type: 'image/png' } } });
  await page.goto('/inbox?q=Petra');
  await page.getByRole('list', { name: 'Conversations' }).getByText('Petra').click();
  const thread = page.getByRole('region', { name: 'Messages' });
  await thread.getByRole('article').first().waitFor();
  const before = frames;
  await server.receives({ from: '905321230003', name: 'Petra', text: 'Live' });
  await thread.getByText('Live').waitFor();
  assert.ok(frames > before, 'the message came by the socket');
  await page.getByRole('button', { name: 'Resolve' }).click();
  await server.until('/conversations?q=Petra&status=resolved', (list) => list.items.length === 1);
  for (const [path, row] of [['/board', '[data-card]'], ['/customers', '[data-customer]'], ['/settings/deliveries', '[data-index]']]) {
    await page.goto(path);
    await page.locator(row).first().waitFor();
  }
  assert.deepEqual(await page.evaluate(() => [({}).polluted, [].polluted, Object.keys(Object.prototype)]), [undefined, undefined, []]);
  // No picture of another host was asked for: the content security policy would have reported it.
  await close();
});

/** Ways back that lead elsewhere, or would if somebody read them with less care than a browser. */
const AWAY = [
  '//evil.example', '///evil.example', '////evil.example/..', '/\\evil.example', '\\\\evil.example', '\\/evil.example', '/\\/evil.example', '//\\evil.example',
  '/\tevil.example', '/\t/evil.example', '/\n/evil.example', '/\r\n/evil.example', '\t//evil.example', ' //evil.example', '\u0000//evil.example', '/\u0000/evil.example',
  'https://evil.example', 'HTTPS:evil.example', 'https:///evil.example', 'http:evil.example', 'javascript:alert(1)', 'java\tscript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'blob:x', 'file:///etc/passwd',
  '/%09/evil.example', '/%5cevil.example', '/%2f/evil.example', '%2f%2fevil.example', '/%2e%2e//evil.example', '/..//evil.example', '/.//evil.example', '/inbox/..//evil.example', '/;@evil.example', '@evil.example', '//evil.example@127.0.0.1', '//127.0.0.1@evil.example',
  '\uff0f\uff0fevil.example', '/\u2044evil.example', '/\u2215\u2215evil.example', '/\u3002evil.example', '//evil\u3002example', '//\u0435vil.example', '/\u202e//evil.example', '//[::1]', '//2130706433', '.evil.example', '',
  `//evil.example/${'a'.repeat(8000)}`,
  `/${'../'.repeat(2000)}/evil.example`,
  '["//evil.example"]',
  '{"to":"//evil.example"}',
];

test('a way back to elsewhere is not followed', async () => {
  const { page, close } = await enter();
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  page.on('framenavigated', (frame) => asked.push(new URL(frame.url()).origin));
  for (const to of AWAY) {
    await page.evaluate((way) => history.pushState(null, '', `/login?to=${encodeURIComponent(way)}`), to.toWellFormed());
    await page.waitForURL((url) => url.pathname !== '/login');
    const { origin, href } = new URL(page.url());
    assert.equal(origin, server.url, to);
    assert.ok(!/^[^/]*\/\/[^/]+\/[/\\]/.test(href), `${to} became ${href}`);
  }
  for (const to of ['//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    await page.goto('about:blank');
    await page.context().clearCookies();
    await page.goto(`/login?to=${encodeURIComponent(to)}`);
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname !== '/login');
    assert.equal(new URL(page.url()).origin, server.url, to);
  }
  assert.deepEqual([...new Set(asked)].filter((origin) => origin !== server.url && origin !== 'null'), []);
  assert.equal(dialogs, 0);
  // Whoever is not signed in is told so by 401.
  await close(['401']);
});

test('a page of hostile texts is still a page that one reads', async () => {
  const { page, close } = await enter();
  await page.goto(`/inbox/${world.groups[2].id}?status=all`);
  await page.getByRole('region', { name: 'Messages' }).getByRole('article').first().waitFor();
  await shot(page, 'inbox-hostile');
  await close();
});

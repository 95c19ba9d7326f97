// Chromium, and what every page must keep: no console error, no report of the content security policy, no failure of axe.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterEach } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';
import { EMAIL, lastWords, PASSWORD } from './server.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const ARTEFACTS = new URL('./artefacts/', import.meta.url).pathname;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages that a test puts in the server's place come from no address, and would not be let through to loopback.
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
];

/** Each with the faults that its pages have reported. */
const open = new Map();

/** After a file's tests: what a failed one left open would keep the process alive. */
export async function closeBrowsers() {
  await Promise.all([...open.keys()].map(quit));
}

/** A route that is still at work when its page goes would fail whatever test runs then. */
async function quit(context) {
  await Promise.all([context, ...context.pages()].map((one) => one.unrouteAll({ behavior: 'ignoreErrors' })));
  await context.close();
}

// A failure that happens once in a hundred runs is understood from what it says, or never.
afterEach(async (test) => {
  if (test.passed) return;
  const pages = [...open].flatMap(([context, faults]) => [...context.pages().map(told), `faults: ${faults.join('\n') || 'none'}`]);
  const report = [...(await Promise.all(pages)), ...lastWords()].join('\n');
  const error = test.error?.cause;
  if (!(error instanceof Error)) console.log(report);
  // One reporter shows the message, the other one the stack.
  else for (const key of ['message', 'stack']) error[key] += `\n${report}`;
});

/** Where a page is, and what somebody would read on it. */
async function told(page) {
  const text = await page.locator('main, body').last().innerText({ timeout: 3_000 }).catch((error) => error.message);
  return `page ${page.url()}: ${text.replaceAll(/\s*\n\s*/g, ' | ').slice(0, 1_500)}`;
}

async function launch(settings) {
  const profile = await mkdtemp(join(tmpdir(), 'switchboard-browser-'));
  return { profile, context: await chromium.launchPersistentContext(profile, settings) };
}

/** A person's browser with a profile of its own. */
export async function openBrowser(server, { args = [], ...options } = {}) {
  const settings = {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...ARGUMENTS, ...args],
    headless: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Istanbul',
    viewport: { width: 1440, height: 900 },
    baseURL: server.url,
    ...options,
  };
  // Chromium itself dies now and then while it starts, with nothing of ours in it.
  const { profile, context } = await launch(settings).catch(() => launch(settings));
  const faults = [];
  open.set(context, faults);
  if (process.env.APP_DIR) await showApp(context, process.env.APP_DIR);
  context.on('close', () => open.delete(context));
  context.on('console', (message) => {
    // Whether somebody is signed in, the page has to ask; browsers log the 401.
    if (message.location().url.endsWith('/api/v1/auth/me') && message.text().includes('401')) return;
    if (message.type() === 'error') faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().stack ?? error.error()}`));
  await context.addInitScript(() => {
    globalThis.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    /** Faults that a test makes on purpose (a cut network logs errors) are named by what they contain. */
    async close(expected = []) {
      await quit(context);
      await rm(profile, { recursive: true, force: true });
      const unexpected = faults.filter((fault) => !expected.some((part) => fault.includes(part)));
      assert.deepEqual(unexpected, [], 'the page reported faults');
    },
  };
}

/**
 * The app as Vite has just built it (`vite build --outDir`), in place of the one in the binary and with its headers: to
 * try a change without building the server.
 */
async function showApp(context, folder) {
  await context.route((url) => !/^\/(api|health|metrics)\b/.test(url.pathname), async (route) => {
    const path = new URL(route.request().url()).pathname;
    const file = extname(path) ? path : '/index.html';
    // A connection that the server has just closed is no answer; a cut network is one.
    const answer = await route.fetch({ maxRetries: 3 }).catch(() => null);
    if (!answer) return route.abort();
    let body = await readFile(join(folder, file)).catch(() => null);
    if (!body) return route.fulfill({ response: answer });
    if (file === '/index.html') {
      const build = (await answer.text()).match(/name="build" content="([^"]*)"/)?.[1] ?? '';
      body = body.toString().replace('%BUILD%', build);
    }
    const { 'content-encoding': _, 'content-length': __, ...headers } = answer.headers();
    const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
    headers['content-type'] = types[extname(file)] ?? headers['content-type'];
    return route.fulfill({ status: 200, headers, body });
  });
}

export async function signIn(page, { email = EMAIL, password = PASSWORD, to = '/inbox' } = {}) {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
  if (to !== '/inbox') await page.goto(to);
}

/** Nothing fades or slides any more: colours move on for a moment, and those that are inherited once more. */
async function still(page) {
  const rests = () => document.getAnimations().every((it) => it.playState !== 'running' || it.effect.getComputedTiming().iterations === Infinity);
  for (let turn = 0; turn < 2; turn += 1) await page.waitForFunction(rests);
}

/** Where an element is once nothing slides any more. */
export async function settled(locator) {
  for (let last = null; ; ) {
    const box = await locator.boundingBox();
    if (box && last && box.x === last.x && box.y === last.y) return box;
    last = box;
    await locator.page().waitForTimeout(100);
  }
}

/** What was scrolled has been drawn: without this, a slow machine takes several turns of a wheel in one leap. */
export function drawn(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Until something is as it should be; what it was last is said otherwise. */
export async function until(read, expected, what) {
  const end = Date.now() + 20_000;
  for (;;) {
    const last = await read();
    if (isDeepStrictEqual(last, expected)) return;
    if (Date.now() > end) assert.deepEqual(last, expected, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** WCAG 2.2 A and AA and best practices, on the page as it stands once it stands still. */
export async function checkAccess(page, name) {
  await still(page);
  // Through the debugger: Trusted Types would refuse a script element.
  const source = await readFile(axe, 'utf8');
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: source });
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }),
  );
  const said = violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(' ')).join(' | ')}`);
  assert.deepEqual(said, [], `axe on ${name}`);
}

export async function shot(page, name) {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
}

/** How many elements the page has. */
export function nodes(page) {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

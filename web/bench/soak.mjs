// A day in minutes: customers write, colleagues change things, an agent works, the line breaks now and then. Each minute
// the heap of the agent's page is measured after a collection; at the end it must show what a fresh one shows.
import os from 'node:os';
import { closeBrowsers, openBrowser, signIn } from '../e2e/browser.mjs';
import { openProxy } from '../e2e/proxy.mjs';
import { startServer } from '../e2e/server.mjs';
import { acts, read, rest } from './agent.mjs';
import { openMetrics, slope, table } from './numbers.mjs';
import { Traffic } from './traffic.mjs';

const MINUTES = Number(process.env.MINUTES ?? 10);
const RATE = Number(process.env.RATE ?? 30);
/** Of all messages: from customers who never wrote before, and to the conversation that the page rests at. */
const NEW_SHARE = Number(process.env.NEW_SHARE ?? 0.05);
const OPEN_SHARE = 0.05;
const PEOPLE = 300;
/** Samples that don't count for the slope: caches fill. */
const WARM_UP = Math.max(1, Math.floor(MINUTES / 4));
const CUT_EVERY = 90_000;
const CUT_MS = 4_000;
const DEEP = 80;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const any = (list) => list[Math.floor(Math.random() * list.length)];

function choose() {
  const dice = Math.random();
  if (dice < OPEN_SHARE) return 0;
  return dice < OPEN_SHARE + NEW_SHARE ? null : 1 + Math.floor(Math.random() * PEOPLE);
}

const proxy = await openProxy();
const server = await startServer({ PUBLIC_URL: proxy.url });
proxy.leadTo(server.url);
const traffic = new Traffic(server, choose);
traffic.signs = true;
let going = true;
const failures = new Map();

async function main() {
  for (let customer = PEOPLE; customer >= 0; customer -= 1) await traffic.say(customer);
  const { items } = await server.until('/conversations?q=Customer%200&limit=200', (list) => list.items.some(isOpen));
  const open = items.find(isOpen).id;
  const { page, close } = await openBrowser({ url: proxy.url });
  await signIn(page);
  const metrics = await openMetrics(page);
  const samples = [await sample(page, metrics, open)];
  const customers = traffic.run(RATE, () => going);
  const team = colleagues();
  const line = cuts();
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    await work(page, minute * 60_000 - (performance.now() - began));
    samples.push(await sample(page, metrics, open));
    if (minute === WARM_UP) await metrics.session.send('HeapProfiler.startSampling', { samplingInterval: 8192 });
  }
  const kept = await keptSince(metrics.session);
  going = false;
  await Promise.all([customers, team, line]);
  report(samples, await largest(metrics.session), kept);
  const same = await compare(page, open);
  await close(['ERR_', 'WebSocket', 'Failed to load resource', 'status of 4']);
  return same;
}

const isOpen = ({ customer }) => customer.name === 'Customer 0';
const began = performance.now();

/** One act after the other; what fails under fire (a row that went away under the hand) is counted and not mended. */
async function work(page, time) {
  const end = performance.now() + time;
  while (performance.now() < end) {
    const [name, act] = any(Object.entries(acts));
    try {
      await act(page);
    } catch (error) {
      failures.set(name, [...(failures.get(name) ?? []), error.message.split('\n')[0]]);
      await page.keyboard.press('Escape');
    }
    await pause(200);
  }
}

/** Somebody else, by REST. */
async function colleagues() {
  const me = (await server.call('GET', '/auth/me')).id;
  const [board] = (await server.call('GET', '/boards')).items;
  while (going) {
    await pause(700);
    try {
      const { items } = await server.call('GET', '/conversations?status=all&limit=60');
      await server.call('PATCH', `/conversations/${any(items).id}`, any([{ status: 'resolved' }, { status: 'open' }, { assignee_id: me }, { assignee_id: null }, { labels: ['vip'] }, { labels: [] }]));
      const { columns } = await server.call('GET', `/boards/${board.id}?limit=20`);
      const from = any(columns.filter(({ cards }) => cards.length > 0));
      const card = any(from.cards);
      await server.call('PATCH', `/cards/${card.id}`, { column_id: any(columns).id, version: card.version });
    } catch (error) {
      // The page may have been quicker.
      if (!error.message.includes('409')) failures.set('colleague', [...(failures.get('colleague') ?? []), error.message.slice(0, 120)]);
    }
  }
}

async function cuts() {
  for (let next = performance.now() + CUT_EVERY; going; ) {
    await pause(500);
    if (performance.now() < next) continue;
    next += CUT_EVERY;
    proxy.cut();
    await pause(CUT_MS);
    proxy.heal();
  }
}

async function sample(page, { session, read: metrics }, open) {
  await rest(page, open).catch((error) => failures.set('rest', [...(failures.get('rest') ?? []), error.message.split('\n')[0]]));
  await pause(1500);
  for (let turn = 0; turn < 2; turn += 1) await session.send('HeapProfiler.collectGarbage');
  const { JSHeapUsedSize, Nodes, JSEventListeners } = await metrics();
  const one = { posted: traffic.posted, newcomers: traffic.newcomers, heap: JSHeapUsedSize, nodes: Nodes, listeners: JSEventListeners };
  console.log(`${((performance.now() - began) / 60_000).toFixed(1)} min: ${one.posted} messages, ${one.newcomers} new customers, heap ${(one.heap / 1e6).toFixed(2)} MB, ${one.nodes} nodes, ${one.listeners} listeners`);
  return one;
}

/** The sizes of the largest maps in the page: tables and lists are such. */
async function largest(session) {
  const { result } = await session.send('Runtime.evaluate', { expression: 'Map.prototype' });
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: result.objectId });
  const answer = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: 'function () { return this.map((one) => { try { return one.size } catch { return 0 } }).sort((a, b) => b - a).slice(0, 12) }',
    returnByValue: true,
  });
  return answer.result.value;
}

/** What was made after the warm-up and is still there, by the function that made it. */
async function keptSince(session) {
  const { profile } = await session.send('HeapProfiler.stopSampling');
  const sizes = new Map();
  const add = ({ callFrame, selfSize, children }) => {
    const name = `${callFrame.functionName || '(anonymous)'} ${callFrame.url.split('/').at(-1)}:${callFrame.lineNumber + 1}`;
    sizes.set(name, (sizes.get(name) ?? 0) + selfSize);
    children.forEach(add);
  };
  add(profile.head);
  return [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 12);
}

function report(samples, maps, kept) {
  const [first, last] = [samples[WARM_UP], samples.at(-1)];
  const points = samples.slice(WARM_UP).map(({ posted, heap }) => [posted / 1000, heap / 1000]);
  console.log(`\n${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}; ${MINUTES} min at ${RATE} messages/s, ${traffic.failed} failed`);
  table([
    ['', 'messages', 'heap', 'nodes', 'listeners'],
    ...[['after the warm-up', first], ['at the end', last]].map(([name, one]) => [name, one.posted, `${(one.heap / 1e6).toFixed(2)} MB`, one.nodes, one.listeners]),
  ]);
  console.log(`slope of the heap: ${slope(points).toFixed(1)} KB per 1,000 messages, over ${points.length} samples`);
  console.log(`largest maps: ${maps.join(' ')}`);
  console.log('made after the warm-up and still there:');
  for (const [name, size] of kept) console.log(`${(size / 1000).toFixed(0).padStart(8)} KB  ${name}`);
  for (const [name, list] of failures) console.log(`failed ${list.length} times: ${name} (${list.at(-1)})`);
}

/** What the page shows that was open all the time, beside one that was just opened. */
async function compare(page, open) {
  await server.until('/webhook-deliveries?state=received', (list) => list.items.length === 0);
  await pause(3_000);
  const fresh = await openBrowser({ url: proxy.url });
  await signIn(fresh.page);
  let [old, expected, differences] = [];
  // What a page fetches when it is shown may be on its way while it is read; nothing changes any more, so it arrives.
  for (let turn = 0; turn < 4 && differences?.length !== 0; turn += 1) {
    if (turn > 0) await pause(2_000);
    [old, expected] = [await read(page, open, DEEP), await read(fresh.page, open, DEEP)];
    differences = Object.keys(expected).filter((part) => JSON.stringify(old[part]) !== JSON.stringify(expected[part]));
  }
  await fresh.close(['ERR_', 'Failed to load resource']);
  for (const part of differences) {
    console.log(`\nDIFFERENT: ${part}`);
    const [a, b] = [old[part], expected[part]].map((list) => list.map((each) => JSON.stringify(each)));
    for (let n = 0, told = 0; n < Math.max(a.length, b.length) && told < 6; n += 1) {
      if (a[n] === b[n]) continue;
      told += 1;
      console.log(`  long open: ${a[n]?.slice(0, 600)}\n  fresh:     ${b[n]?.slice(0, 600)}`);
    }
  }
  if (differences.length === 0) {
    const cards = expected.columns.reduce((sum, column) => sum + column.cards.length, 0);
    console.log(`\nthe same as a fresh page: ${expected.rows.length} rows, ${expected.lines.length} lines, ${expected.columns.length} columns with ${cards} cards, and the counts`);
  }
  return differences.length === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  going = false;
  await closeBrowsers();
  proxy.close();
  await server.stop();
}

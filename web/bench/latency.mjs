// Event to pixel: how long after a frame of the socket is its text on the screen, in the open thread and in the list,
// while customers write at RATE a second; and the same of a page that does nothing else (the floor), in turns with it.
import os from 'node:os';
import { closeBrowsers, openBrowser, signIn } from '../e2e/browser.mjs';
import { startServer } from '../e2e/server.mjs';
import { ms, openMetrics, percentiles, table } from './numbers.mjs';
import { FLOOR, probe } from './probe.mjs';
import { printProfile, startProfile } from './profile.mjs';
import { Traffic } from './traffic.mjs';

const SECONDS = Number(process.env.SECONDS ?? 30);
const RATE = Number(process.env.RATE ?? 50);
const ROUNDS = Number(process.env.ROUNDS ?? 2);
const PEOPLE = 200;
/** Of all messages: to the open conversation, and from customers who never wrote before. */
const OPEN_SHARE = 0.2;
const NEW_SHARE = 0.04;
const BUDGET = { thread: 50, list: 300 };

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

function choose() {
  const dice = Math.random();
  if (dice < OPEN_SHARE) return 0;
  return dice < OPEN_SHARE + NEW_SHARE ? null : 1 + Math.floor(Math.random() * PEOPLE);
}

async function main() {
  const server = await startServer({ RUST_LOG: process.env.RUST_LOG ?? 'warn' });
  const { page, context, close } = await openBrowser(server);
  try {
    const traffic = new Traffic(server, choose);
    for (let customer = PEOPLE; customer >= 0; customer -= 1) await traffic.say(customer);
    const path = '/conversations?q=Customer%200&limit=200';
    const { items } = await server.until(path, (list) => list.items.some(({ customer }) => customer.name === 'Customer 0'));
    const open = items.find(({ customer }) => customer.name === 'Customer 0').id;
    await context.route('**/bench-floor', (route) => route.fulfill({ contentType: 'text/html', body: FLOOR }));
    await context.addInitScript(probe);
    await signIn(page);

    const rounds = { app: [], floor: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.goto(`/inbox/${open}`);
      await page.locator('[data-thread] article').first().waitFor();
      await page.mouse.move(1, 1);
      rounds.app.push(await measure(page, traffic, process.env.PROFILE));
      await page.goto('/bench-floor');
      await page.waitForFunction(() => document.title === 'ready');
      rounds.floor.push(await measure(page, traffic));
    }
    report(rounds, traffic);
  } finally {
    await close(['ERR_', 'Failed to load resource']);
    await closeBrowsers();
    await server.stop();
  }
}

/** One page under traffic for its share of the time. */
async function measure(page, traffic, profile) {
  const metrics = await openMetrics(page);
  if (profile) await startProfile(metrics.session);
  await pause(1500);
  await page.evaluate(() => Object.assign(globalThis.__bench, { frames: 0, events: 0, arrived: {}, painted: [], longTasks: [], away: 0 }));
  const [before, start] = [await metrics.read(), performance.now()];
  const end = start + (SECONDS * 1000) / ROUNDS;
  await traffic.run(RATE, () => performance.now() < end);
  const [after, took] = [await metrics.read(), (performance.now() - start) / 1000];
  if (profile) await printProfile(metrics.session, profile);
  // What was still on its way is drawn now.
  await pause(1500);
  const seen = await page.evaluate(() => globalThis.__bench);
  await metrics.session.detach();
  return { seen, took, busy: after.TaskDuration - before.TaskDuration, script: after.ScriptDuration - before.ScriptDuration, style: after.RecalcStyleDuration - before.RecalcStyleDuration, layout: after.LayoutDuration - before.LayoutDuration, nodes: after.Nodes, heap: after.JSHeapUsedSize };
}

/** Of each place: how long from the frame's arrival, and from the post's begin, to the paint. */
function latencies(rounds, place, sent) {
  const [fromFrame, fromPost] = [[], []];
  let [events, overtaken, unseen] = [0, 0, 0];
  for (const { seen } of rounds) {
    // One text stands for a customer: whatever of him came before it was shown or overtaken by it.
    const byCustomer = new Map();
    for (const mark of Object.keys(seen.arrived)) {
      const [customer, number] = parts(mark);
      if (place === 'thread' && customer !== 0) continue;
      events += 1;
      byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), { mark, number }]);
    }
    const paints = [...new Set(seen.painted.filter(([where]) => where === place).map(([, , at]) => at))];
    for (const [where, mark, at] of seen.painted) {
      if (where !== place) continue;
      const [customer, number] = parts(mark);
      const left = [];
      for (const each of byCustomer.get(customer) ?? []) {
        if (place === 'thread' ? each.number !== number : each.number > number) left.push(each);
        // A newer one came and was shown first: this one never will be.
        else if (seen.arrived[each.mark] > at) overtaken += 1;
        // Two pictures later it still was not there: its row had gone below what is drawn.
        else if (each.number < number && seen.arrived[mark] > secondAfter(paints, seen.arrived[each.mark])) unseen += 1;
        else {
          fromFrame.push(at - seen.arrived[each.mark]);
          fromPost.push(at - sent.get(each.mark));
        }
      }
      byCustomer.set(customer, left);
    }
  }
  return { events: events - overtaken - unseen, frame: percentiles(fromFrame), post: percentiles(fromPost) };
}

function secondAfter(paints, time) {
  return paints.filter((at) => at > time)[1] ?? Number.POSITIVE_INFINITY;
}

function parts(mark) {
  const [, customer, number] = /e(\d+)x(\d+)e/.exec(mark);
  return [Number(customer), Number(number)];
}

function report(rounds, traffic) {
  const sum = (list, pick) => list.reduce((total, one) => total + pick(one), 0);
  const measured = {
    'open thread': latencies(rounds.app, 'thread', traffic.sent),
    'row of the list': latencies(rounds.app, 'list', traffic.sent),
    floor: latencies(rounds.floor, 'floor', traffic.sent),
  };
  const cpu = os.cpus();
  console.log(`\n${cpu.length} cores (${cpu[0]?.model}), load ${os.loadavg()[0].toFixed(1)}, node ${process.version}; server, database and browser on the same cores`);
  console.log(`${RATE} webhooks/s, app ${SECONDS} s and floor ${SECONDS} s in ${ROUNDS} turns; ${traffic.posted} posted, ${traffic.failed} failed`);
  if (traffic.lastError) console.log(`  last failure: ${traffic.lastError.message}`);
  const line = (name, { events, frame: f }) => [name, events, f.n, ms(f.p50), ms(f.p95), ms(f.p99), ms(f.max)];
  console.log('\nframe at the socket -> paint');
  table([['', 'events', 'painted', 'p50', 'p95', 'p99', 'max'], ...Object.entries(measured).map(([name, one]) => line(name, one))]);
  console.log('\nstart of the webhook -> paint');
  table([['', 'p50', 'p95', 'p99', 'max'], ...Object.entries(measured).map(([name, { post: p }]) => [name, ms(p.p50), ms(p.p95), ms(p.p99), ms(p.max)])]);
  console.log('\nthe page');
  const of = (name, list) => {
    const took = sum(list, ({ took }) => took);
    const long = list.flatMap(({ seen }) => seen.longTasks);
    return [
      name,
      (sum(list, ({ seen }) => seen.events) / took).toFixed(0),
      `${((100 * sum(list, ({ busy }) => busy)) / took).toFixed(1)} %`,
      ...['script', 'style', 'layout'].map((part) => `${((100 * sum(list, (one) => one[part])) / took).toFixed(1)} %`),
      long.length,
      ms(Math.max(0, ...long)),
      Math.max(...list.map(({ nodes }) => nodes)),
      `${(Math.max(...list.map(({ heap }) => heap)) / 1e6).toFixed(1)} MB`,
    ];
  };
  table([['', 'events/s', 'main thread', 'script', 'style', 'layout', 'long tasks', 'longest', 'nodes', 'heap'], of('app', rounds.app), of('floor', rounds.floor)]);
  const floor = measured.floor.frame;
  console.log('\nratio to the floor, p50 / p95');
  for (const [name, place] of [['open thread', 'thread'], ['row of the list', 'list']]) {
    const { frame } = measured[name];
    const verdict = frame.p95 <= BUDGET[place] ? 'within' : 'OVER';
    console.log(`  ${name}: ${(frame.p50 / floor.p50).toFixed(1)} / ${(frame.p95 / floor.p95).toFixed(1)}; p95 ${ms(frame.p95)} is ${verdict} the budget of ${BUDGET[place]} ms`);
  }
  const away = sum(rounds.app, ({ seen }) => seen.away);
  console.log(`  lines of the thread drawn out of sight: ${away}`);
}

await main();

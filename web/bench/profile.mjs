// Where the main thread's time goes: functions by their own time (CDP Profiler), and the browser's share (CDP metrics).
// The whole of it is written to the file that PROFILE names (`*.cpuprofile`), for the browser's own tools.
// For names that can be read, build the app with `vite build --minify false` and name its folder in APP_DIR.

import { writeFile } from 'node:fs/promises';

const SHOWN = 25;

export async function startProfile(session) {
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 200 });
  await session.send('Profiler.start');
}

/** Prints the costliest functions, as a share of the time that was not idle. */
export async function printProfile(session, file) {
  const { profile } = await session.send('Profiler.stop');
  await writeFile(file, JSON.stringify(profile));
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const own = new Map();
  profile.samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    const name = url ? `${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}` : functionName;
    own.set(name, (own.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000);
  });
  own.delete('(idle)');
  const total = [...own.values()].reduce((sum, each) => sum + each, 0);
  console.log(`\nown time of functions, of ${total.toFixed(0)} ms not idle`);
  for (const [name, time] of [...own].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)) {
    console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${time.toFixed(0).padStart(6)} ms  ${name}`);
  }
}

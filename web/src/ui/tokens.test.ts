import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Colour = readonly [l: number, c: number, h: number];

const css = readFileSync('src/ui/tokens.css', 'utf8');

function block(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf('\n}', start));
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (.+);/g)].map((match) => [match[1], match[2]]));
}

const themes = { light: block(':root'), dark: block("[data-theme='dark']") };

function colour(theme: keyof typeof themes, name: string): Colour {
  const parts = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(themes[theme][name] ?? '');
  if (!parts) throw new Error(`${name} is no plain colour in the ${theme} theme`);
  return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** Linear sRGB, before anything is cut off. */
function rgb([l, c, h]: Colour): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
}

function luminance(of: Colour): number {
  const [r, g, b] = rgb(of).map((channel) => Math.min(1, Math.max(0, channel))) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Colour, b: Colour): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** What is read, on what, and how much it has to stand out: light, dark. */
const figures: readonly [string, string, number, number][] = [
  ['ink', 'panel', 16.4, 15.2],
  ['ink-2', 'panel', 7, 7],
  ['ink-2', 'sunken', 7, 7],
  ['ink-2', 'raised', 7, 7],
  ['ink-3', 'panel', 5.5, 5.5],
  ['ink-3', 'canvas', 4.9, 4.9],
  ['ink-3', 'raised', 4.9, 4.9],
  ['ink-3', 'sunken', 4.9, 4.9],
  ['ink-3', 'accent-soft', 4.8, 4.9],
  ['ink-3', 'out', 4.5, 4.5],
  ['accent-ink', 'accent', 6.4, 7.9],
  ['accent-ink', 'accent-hover', 6.4, 7.9],
  ['accent-text', 'panel', 6, 6],
  ['accent-text', 'raised', 6, 6],
  ['accent-text', 'accent-soft', 4.5, 4.5],
  ['accent-text', 'out', 4.5, 4.5],
  ['lamp-ink', 'lamp', 7.4, 9.2],
  ['lamp-text', 'lamp-soft', 5.9, 8.3],
  ['lamp-text', 'panel', 5.9, 8.3],
  ['lamp-text', 'accent-soft', 4.5, 4.5],
  ['danger-text', 'panel', 6, 6],
  ['danger-text', 'raised', 6, 6],
  ['danger-text', 'danger-soft', 4.5, 4.5],
  ['danger-ink', 'danger', 4.5, 4.5],
  ['danger-ink', 'danger-hover', 4.5, 4.5],
  ['ok-text', 'panel', 6.2, 6.2],
  ['ok-text', 'ok-soft', 4.5, 4.5],
  ['out-ink', 'out', 7, 7],
  ['line-strong', 'panel', 3.6, 3.5],
  ['line-strong', 'canvas', 3, 3],
  ['line-strong', 'raised', 3, 3],
  ['line-strong', 'sunken', 3, 3],
  ...['wa', 'ms', 'ig', 'web', 'lead'].flatMap((channel): [string, string, number, number][] => [
    [channel, 'panel', 3, 3],
    [channel, 'accent-soft', 3, 3],
  ]),
];

describe.each(['light', 'dark'] as const)('contrast in the %s theme', (theme) => {
  it.each(figures.map(([text, on, light, dark]) => ({ text, on, least: theme === 'light' ? light : dark })))('$text on $on is at least $least', ({ text, on, least }) => {
    expect(contrast(colour(theme, text), colour(theme, on))).toBeGreaterThanOrEqual(least);
  });

  it('is enough for the letters of an avatar of any hue', () => {
    const parts = (name: string) => (themes[theme][name] ?? '').split(' ').map(Number) as [number, number];
    for (let hue = 0; hue < 360; hue += 30) {
      expect(contrast([...parts('avatar-ink'), hue], [...parts('avatar'), hue])).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('uses only colours that every screen can show', () => {
    for (const name of Object.keys(themes[theme])) {
      if (!/^oklch\([\d.]+ [\d.]+ [\d.]+\)$/.test(themes[theme][name] ?? '')) continue;
      for (const channel of rgb(colour(theme, name))) {
        expect(channel, name).toBeGreaterThan(-0.004);
        expect(channel, name).toBeLessThan(1.004);
      }
    }
  });
});

it('names the same colours in both themes', () => {
  const colours = (theme: keyof typeof themes) => Object.keys(themes[theme]).filter((name) => /oklch|^avatar/.test(themes[theme][name] ?? name));
  expect(colours('dark')).toEqual(colours('light'));
});

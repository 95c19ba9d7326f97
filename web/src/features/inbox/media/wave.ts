/** The picture of a recording: bars as one path, so that a hundred recordings cost no more nodes than a hundred lines. */

export const BARS = 44;
export const STEP = 4;
export const HEIGHT = 26;
/** Of a pause: a bar that is not there looks like a fault. */
const LEAST = 0.08;

/** As many bars as are drawn, each 0 to 1; the loudest of what falls into one. */
export function bars(peaks: readonly number[], count = BARS): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * peaks.length) / count));
    let most = 0;
    for (let at = from; at < to && at < peaks.length; at += 1) most = Math.max(most, peaks[at] ?? 0);
    return Math.max(LEAST, Math.min(1, most / 255));
  });
}

/** Strokes from the middle, of the bars from `from` up to `to`. */
export function strokes(heights: readonly number[], from: number, to: number): string {
  return heights
    .slice(from, to)
    .map((height, index) => {
      const half = (height * (HEIGHT - 2)) / 2;
      return `M${(from + index) * STEP + 1} ${(HEIGHT / 2 - half).toFixed(1)}v${(half * 2).toFixed(1)}`;
    })
    .join('');
}

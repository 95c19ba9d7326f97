/**
 * When what came in is drawn: at the next frame, or not sooner than a while after the last time so that many changes are
 * one. A hidden tab has no frames and its timers are slow: there everything waits for the timer.
 */
const HIDDEN_MS = 250;
/** After a quiet time: what came together is drawn together, and what is drawn at the next frame comes first. */
const TOGETHER_MS = 40;

export class Schedule {
  private readonly run: () => void;
  private readonly after: 'frame' | number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private ranAt = Number.NEGATIVE_INFINITY;

  constructor(run: () => void, after: 'frame' | number) {
    this.run = run;
    this.after = after;
  }

  request(): void {
    if (this.timer !== undefined || this.frame !== undefined) return;
    if (this.after === 'frame' && !document.hidden) this.frame = requestAnimationFrame(this.now);
    else this.timer = setTimeout(this.now, document.hidden || this.after === 'frame' ? HIDDEN_MS : this.wait(this.after));
  }

  /** Does at once what was requested. */
  readonly now = (): void => {
    if (this.timer === undefined && this.frame === undefined) return;
    this.cancel();
    this.ranAt = performance.now();
    this.run();
  };

  private wait(every: number): number {
    return Math.max(Math.min(TOGETHER_MS, every), this.ranAt + every - performance.now());
  }

  cancel(): void {
    clearTimeout(this.timer);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.timer = undefined;
    this.frame = undefined;
  }
}

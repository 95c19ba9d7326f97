/**
 * When what came in is drawn: at the next frame, or after a while so that many changes are one. A hidden tab has no
 * frames and its timers are slow: there everything waits for the timer.
 */
const HIDDEN_MS = 250;

export class Schedule {
  private readonly run: () => void;
  private readonly after: 'frame' | number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;

  constructor(run: () => void, after: 'frame' | number) {
    this.run = run;
    this.after = after;
  }

  request(): void {
    if (this.timer !== undefined || this.frame !== undefined) return;
    if (this.after === 'frame' && !document.hidden) this.frame = requestAnimationFrame(this.now);
    else this.timer = setTimeout(this.now, document.hidden || this.after === 'frame' ? HIDDEN_MS : this.after);
  }

  /** Does at once what was requested. */
  readonly now = (): void => {
    if (this.timer === undefined && this.frame === undefined) return;
    this.cancel();
    this.run();
  };

  cancel(): void {
    clearTimeout(this.timer);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.timer = undefined;
    this.frame = undefined;
  }
}

/**
 * The kit: every control of the app, each in a file of its own, each wrapping one Base UI part at most. What lies over the
 * page has a light half here and its Base UI part in `popups/`, which is fetched after the first picture.
 *
 * Owns: look, focus, names and roles of controls. Invariants: colours, sizes and radii come from `tokens.css`; a part shows
 * only texts that it is given or that stand in `messages/<lang>/common.ts`; nothing here knows the API, the store or a route.
 * Absent on purpose: a class-merging library. A part takes `className` only for its place in a layout (width, margin, grow).
 */

/** Joins class names; a false condition leaves its name out. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}

const popup =
  'rounded-12 border border-line bg-raised text-13 text-ink shadow-high outline-none transition-[opacity,scale] duration-160 ease-out ' +
  'data-starting-style:scale-98 data-starting-style:opacity-0 data-ending-style:scale-98 data-ending-style:opacity-0 data-ending-style:duration-120';

/** Surface of a popup that grows out of its trigger. */
export const anchoredPopup = `${popup} origin-(--transform-origin)`;

/** Surface of a popup in the middle of the screen. */
export const centredPopup = popup;

/** What lies between a dialog and the page. */
export const backdrop =
  'fixed inset-0 z-40 bg-scrim transition-opacity duration-160 data-starting-style:opacity-0 data-ending-style:opacity-0 data-ending-style:duration-120';

/** A row of a menu or of a select. The highlight follows focus, hence no second ring. */
export const option =
  'flex min-h-8 items-center gap-2 rounded-6 px-2 py-1 outline-none select-none max-sm:min-h-11 ' +
  'data-highlighted:bg-accent-soft data-disabled:text-ink-3 data-disabled:data-highlighted:bg-transparent';

/** Box of a text field and of a select. */
export const control =
  'h-control rounded-6 border border-line-strong bg-raised text-13 text-ink transition-colors duration-120 max-sm:text-16 ' +
  'focus-visible:outline-offset-0 data-invalid:border-danger disabled:border-line disabled:bg-sunken disabled:text-ink-3';

/** A link inside a sentence or a list. */
export const linkClass =
  'rounded-[2px] font-medium text-accent-text underline decoration-current/30 underline-offset-2 transition-colors duration-120 hover:decoration-current';

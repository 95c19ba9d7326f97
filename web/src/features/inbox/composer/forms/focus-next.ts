/** Into the last of the fields that fit, when the one that was added just now is there. */
export function focusNext(selector: string): void {
  requestAnimationFrame(() => {
    const fields = document.querySelectorAll<HTMLElement>(selector);
    fields[fields.length - 1]?.focus();
  });
}

/**
 * Where what opens beside a control is put: into the dialog that the control stands in, else at the end of the page's `main`.
 * At the end of the body, where Base UI puts it by itself, it would lie outside of every landmark, and who walks the page by
 * landmarks would never come by it. Pass it with `positionMethod="fixed"`, so that nothing around it cuts it off.
 */
export function homeOf(control: Element | null | undefined): HTMLElement | undefined {
  return control?.closest<HTMLElement>('[role="dialog"],[role="alertdialog"],main') ?? document.querySelector('main') ?? undefined;
}

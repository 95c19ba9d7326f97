/**
 * The chunk of all that lies over the page: menus, popovers, dialogs, tooltips, toasts.
 *
 * Owns: Base UI's floating parts. Their light halves, which pages import, stand one folder up and load this. Invariant:
 * nothing imports it statically, so the first picture doesn't wait for it. Absent on purpose: selects, whose trigger shows
 * what Base UI knows; pages that have one bring it along.
 */
export { MenuPopup } from './menu';
export { PopoverPopup } from './popover';
export { DialogPopup } from './dialog';
export { ConfirmPopup } from './confirm';
export { DrawerPopup } from './drawer';
export { TooltipBubble } from './tooltip';
export { FullScreenPopup } from './full-screen';
export { ToastList } from './toasts';

import { type Ref, useLayoutEffect } from 'react';
import type { ElementProps } from '../props';
import type { TriggerLink } from '../trigger';

/**
 * Stands where Base UI expects the trigger's element: shows nothing, passes properties and reference on to the element that
 * the page has already (`../trigger`).
 */
export function Bridge({ link, ref, ...props }: { link: TriggerLink; ref?: Ref<HTMLElement> } & ElementProps) {
  useLayoutEffect(() => link.hand(ref), [link, ref]);
  useLayoutEffect(() => {
    link.publish(props);
    // Base UI puts a guard before and one behind the trigger to lead Tab into the popup. Here both lie behind it, and the
    // first would throw the focus back.
    const guard = link.element?.nextElementSibling;
    if (guard instanceof HTMLElement && guard.hasAttribute('data-base-ui-focus-guard')) guard.tabIndex = -1;
  });
  useLayoutEffect(() => () => link.publish(null), [link]);
  return null;
}

import { useState } from 'react';
import { popups } from './deferred';

/** The popups' chunk for one that its owner opens; kept from the first time on, so that it can also close in its own way. */
export function useOpened(open: boolean) {
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  return popups.useLoaded(open || opened);
}

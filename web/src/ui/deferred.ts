import { deferred } from '@/lib/deferred';

/** Everything of the kit that lies over the page, in one chunk. `UiProvider` fetches it when the first picture stands. */
export const popups = deferred(() => import('./popups'));

import { deferred } from '@/lib/deferred';

/** What the inbox shows only when asked. The page fetches it when the list stands. */
export const extras = deferred(() => import('./extras-chunk'));

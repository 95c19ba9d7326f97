import { deferred } from '@/lib/deferred';

/** Looking at pictures and films in full; fetched when the first one is opened. */
export const lightbox = deferred(() => import('./lightbox'));

import { deferred } from '@/lib/deferred';

/** Recording; fetched when somebody begins. */
export const recorder = deferred(() => import('./recorder'));

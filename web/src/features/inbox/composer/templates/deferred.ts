import { deferred } from '@/lib/deferred';

/** Choosing and filling templates; fetched when somebody wants one, or when nothing else may be sent. */
export const templates = deferred(() => import('./index'));

import { deferred } from '@/lib/deferred';

/** Forms for what is more than a text; fetched when somebody opens the menu of them. */
export const forms = deferred(() => import('./index'));

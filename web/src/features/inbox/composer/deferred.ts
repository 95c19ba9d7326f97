import { deferred } from '@/lib/deferred';

/** Everything for writing, and for what was written. The thread asks for it when it stands. */
export const composer = deferred(() => import('./index'));

/** The parts that are not in the entry. Named once, so that hovering over a link can fetch what a click will need. */
export const chunks = {
  board: () => import('@/features/board/page'),
  customers: () => Promise.all([import('@/features/customers/page'), import('./queries')]).then(([page, { withQueries }]) => withQueries(page.CustomersPage)),
  deliveries: () => Promise.all([import('@/features/deliveries/page'), import('./queries')]).then(([page, { withQueries }]) => withQueries(page.DeliveriesPage)),
  replies: () => import('@/features/replies/page'),
  profile: () => import('@/features/profile/page'),
  palette: () => import('@/features/palette/palette'),
  start: () => import('@/features/inbox/start/dialog'),
  drawer: () => import('@/features/customers/drawer'),
  signIn: () => import('@/features/auth/sign-in-page'),
  setUp: () => import('@/features/auth/set-up-page'),
};

/** Fetches a part ahead of its use. If that fails, its use will say so. */
export function warm(part: keyof typeof chunks): void {
  chunks[part]().catch(() => undefined);
}

/** The parts that are not in the entry. Named once, so that hovering over a link can fetch what a click will need. */
export const chunks = {
  board: () => import('@/features/board/page'),
  customers: () => import('@/features/customers/page'),
  deliveries: () => import('@/features/deliveries/page'),
  profile: () => import('@/features/profile/page'),
  palette: () => import('@/features/palette/palette'),
  drawer: () => import('@/features/customers/drawer'),
  signIn: () => import('@/features/auth/sign-in-page'),
  setUp: () => import('@/features/auth/set-up-page'),
};

/** Fetches a part ahead of its use. If that fails, its use will say so. */
export function warm(part: keyof typeof chunks): void {
  chunks[part]().catch(() => undefined);
}

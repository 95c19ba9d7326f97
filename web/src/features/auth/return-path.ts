/** Where to go after signing in. Only a path of this app: an address of another site would make the sign-in page a lure. */
export function returnPath(to: unknown): string {
  if (typeof to !== 'string' || !to.startsWith('/')) return '/inbox';
  let url;
  try {
    url = new URL(to, location.origin);
  } catch {
    return '/inbox';
  }
  // "//evil" and "/\evil" are hosts to a browser; the parser knows all of these tricks.
  if (url.origin !== location.origin || url.pathname.startsWith('//')) return '/inbox';
  if (url.pathname === '/' || url.pathname === '/login' || url.pathname === '/setup') return '/inbox';
  return url.pathname + url.search + url.hash;
}

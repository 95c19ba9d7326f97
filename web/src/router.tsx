/**
 * Every address of the app.
 *
 * Owns: paths, and which chunk stands behind each. Search parameters belong to the features (`features/<name>/search.ts`),
 * but `c` and `write`, the customer's drawer and writing first, which lie over any page. Invariants: a list and its single record are one page, so that
 * walking through records never remounts the list; an unknown path is a 404 with a way back.
 * Absent on purpose: loaders. Data belongs to the store, which outlives pages.
 */
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { lazy } from 'react';
import { boardSearch } from '@/features/board/search';
import { customersSearch } from '@/features/customers/search';
import { deliveriesSearch } from '@/features/deliveries/search';
import { InboxPage } from '@/features/inbox/page';
import { inboxSearch } from '@/features/inbox/search';
import { chunks } from '@/features/shell/chunks';
import { Missing, PageFault } from '@/features/shell/faults';
import { SignedIn } from '@/features/shell/frame';
import { Announcer } from '@/lib/announce';

const BoardPage = lazy(() => chunks.board().then((module) => ({ default: module.BoardPage })));
const CustomersPage = lazy(() => chunks.customers().then((page) => ({ default: page })));
const DeliveriesPage = lazy(() => chunks.deliveries().then((page) => ({ default: page })));
const RepliesPage = lazy(() => chunks.replies().then((module) => ({ default: module.RepliesPage })));
const ProfilePage = lazy(() => chunks.profile().then((module) => ({ default: module.ProfilePage })));
const SignInPage = lazy(() => chunks.signIn().then((module) => ({ default: module.SignInPage })));
const SetUpPage = lazy(() => chunks.setUp().then((module) => ({ default: module.SetUpPage })));

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Announcer />
    </>
  ),
  notFoundComponent: Missing,
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  validateSearch: (raw: Record<string, unknown>): { c?: string; write?: string } => ({
    ...(typeof raw['c'] === 'string' && { c: raw['c'] }),
    ...(typeof raw['write'] === 'string' && { write: raw['write'] }),
  }),
  component: SignedIn,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox', replace: true });
  },
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (raw: Record<string, unknown>): { to?: string } => (typeof raw['to'] === 'string' ? { to: raw['to'] } : {}),
  component: SignInPage,
});
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: SetUpPage });

// The children below have no component: the parent's page reads the id and shows the record itself.
const inbox = createRoute({ getParentRoute: () => app, path: '/inbox', validateSearch: inboxSearch, component: InboxPage });
const conversation = createRoute({ getParentRoute: () => inbox, path: '/$conversationId' });
const boards = createRoute({ getParentRoute: () => app, path: '/board', validateSearch: boardSearch, component: BoardPage });
const board = createRoute({ getParentRoute: () => boards, path: '/$boardId' });
const customers = createRoute({ getParentRoute: () => app, path: '/customers', validateSearch: customersSearch, component: CustomersPage });
const deliveries = createRoute({ getParentRoute: () => app, path: '/settings/deliveries', validateSearch: deliveriesSearch, component: DeliveriesPage });
const replies = createRoute({ getParentRoute: () => app, path: '/settings/replies', component: RepliesPage });
const profile = createRoute({ getParentRoute: () => app, path: '/profile', component: ProfilePage });

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    login,
    setup,
    app.addChildren([inbox.addChildren([conversation]), boards.addChildren([board]), customers, replies, deliveries, profile]),
  ]),
  notFoundMode: 'root',
  defaultErrorComponent: PageFault,
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

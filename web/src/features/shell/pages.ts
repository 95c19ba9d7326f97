/** The pages of the navigation, as far as the user may open them. */
import { Columns3, Inbox, type LucideIcon, MessageSquareQuote, UserRound, Users, Webhook } from 'lucide-react';
import type { User } from '@/api/types';
import { can, useUser } from '@/store/session';
import { warm } from './chunks';

export type PageId = 'inbox' | 'board' | 'customers' | 'replies' | 'deliveries' | 'profile';

export interface Page {
  id: PageId;
  to: string;
  keys: string;
  icon: LucideIcon;
  /** Null: everybody's. */
  permission: string | null;
  warm(): void;
}

const pages: readonly Page[] = [
  { id: 'inbox', to: '/inbox', keys: 'g i', icon: Inbox, permission: 'inbox.read', warm: () => undefined },
  { id: 'board', to: '/board', keys: 'g b', icon: Columns3, permission: 'kanban.read', warm: () => warm('board') },
  { id: 'customers', to: '/customers', keys: 'g c', icon: Users, permission: 'customers.read', warm: () => warm('customers') },
  { id: 'replies', to: '/settings/replies', keys: 'g r', icon: MessageSquareQuote, permission: 'saved_replies.manage:all', warm: () => warm('replies') },
  { id: 'deliveries', to: '/settings/deliveries', keys: 'g d', icon: Webhook, permission: 'deliveries.manage', warm: () => warm('deliveries') },
  { id: 'profile', to: '/profile', keys: 'g p', icon: UserRound, permission: null, warm: () => warm('profile') },
];

export function pagesOf(user: User): Page[] {
  return pages.filter(({ permission }) => permission === null || can(user, permission));
}

export function usePages(): Page[] {
  return pagesOf(useUser());
}

/** Which page a path belongs to. */
export function pageAt(pathname: string): PageId | null {
  return pages.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))?.id ?? null;
}

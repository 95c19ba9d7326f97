import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { conversations, customers } from '@/store/entities';
import { useRow } from '@/store/table';
import { pageAt } from './pages';

/** "Emre Smith · Inbox · Switchboard"; a change of page is said as well, since nothing else tells those who hear it. */
export function usePageTitle(conversationId: string | null, customerId: string | null): void {
  const { shell } = useTexts();
  const page = pageAt(useLocation({ select: ({ pathname }) => pathname }));
  const conversation = useRow(conversations, conversationId);
  const customer = useRow(customers, customerId);
  const name = page === null ? null : shell[page];
  const parts = [customer?.name ?? conversation?.customer.name, name, shell.product].filter(Boolean);
  const title = parts.join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else if (name !== null) announce(name);
  }, [name]);
}

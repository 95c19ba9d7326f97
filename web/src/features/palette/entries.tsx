/** The palette's entries, group by group: what can be chosen, how it looks, what it does. */
import { useNavigate } from '@tanstack/react-router';
import { CornerDownRight, type LucideIcon, SquareKanban } from 'lucide-react';
import type { ReactNode } from 'react';
import { money, phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useAllShortcuts } from '@/lib/keys';
import { cards, conversations, customers } from '@/store/entities';
import { Avatar } from '@/ui/avatar';
import { matches } from './match';
import type { Found } from './search';

export interface Offer {
  label: string;
  icon: LucideIcon;
  keys?: string;
  run(): void;
}

export interface Visited {
  kind: 'conversation' | 'customer';
  id: string;
}

export interface Entry {
  id: string;
  label: string;
  icon: ReactNode;
  /** A second, quieter text; numbers keep their direction. */
  note?: string;
  keys?: string;
  run(): void;
}

export interface EntryGroup {
  value: string;
  items: Entry[];
}

interface Sources {
  query: string;
  found: Found;
  pages: readonly Offer[];
  commands: readonly Offer[];
  recent: readonly Visited[];
}

export function useEntries({ query, found, pages, commands, recent }: Sources): EntryGroup[] {
  const { palette, shell, common } = useTexts();
  const shortcuts = useAllShortcuts();
  const navigate = useNavigate();
  const q = query.trim();

  const offer = ({ label, icon: Icon, keys, run }: Offer): Entry => ({ id: `offer ${label}`, label, icon: <Icon size={16} strokeWidth={1.75} />, keys, run });

  const conversation = (id: string): Entry | null => {
    const row = conversations.get(id);
    if (!row) return null;
    const channels: Record<string, string> = common.channels;
    const name = row.group?.name ?? row.customer.name;
    return {
      id: `conversation ${id}`,
      label: name,
      note: row.last_message?.text ?? channels[row.channel.kind] ?? row.channel.name,
      icon: <Avatar name={name} size={28} channel={row.channel.kind} />,
      run: () => void navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search: { status: 'all' } }),
    };
  };

  const customer = (id: string): Entry | null => {
    const row = customers.get(id);
    if (!row) return null;
    return {
      id: `customer ${id}`,
      label: row.name,
      note: [row.phone && phone(row.phone), row.email].filter(Boolean).join(' · '),
      icon: <Avatar name={row.name} size={28} />,
      run: () => void navigate({ to: '.', search: (before: Record<string, unknown>) => ({ ...before, c: id }) }),
    };
  };

  const card = (id: string): Entry | null => {
    const row = cards.get(id);
    if (!row) return null;
    return {
      id: `card ${id}`,
      label: row.title,
      note: [row.customer.name, row.value && money(row.value)].filter(Boolean).join(' · '),
      icon: <SquareKanban size={16} strokeWidth={1.75} />,
      run: () => void navigate({ to: '/board/$boardId', params: { boardId: row.board_id }, search: { card: id } }),
    };
  };

  const here = shortcuts
    .filter(({ group, enabled }) => enabled !== false && group !== shell.goTo && group !== shell.general)
    .map((shortcut): Entry => ({
      id: `shortcut ${shortcut.keys}`,
      label: shortcut.label,
      note: shortcut.group,
      icon: <CornerDownRight size={16} strokeWidth={1.75} className="rtl:-scale-x-100" />,
      keys: shortcut.keys,
      run: () => shortcut.run(),
    }));

  const fits = (entry: Entry) => q === '' || matches(`${entry.label} ${entry.note ?? ''}`, q);
  const known = (entries: (Entry | null)[]) => entries.filter((entry) => entry !== null);
  const groups: EntryGroup[] = [
    { value: palette.recent, items: q === '' ? known(recent.map(({ kind, id }) => (kind === 'customer' ? customer(id) : conversation(id)))).slice(0, 5) : [] },
    { value: palette.pages, items: pages.map(offer).filter(fits) },
    { value: palette.commands, items: here.filter(fits) },
    { value: palette.conversations, items: known(found.conversations.map(conversation)) },
    { value: palette.customers, items: known(found.customers.map(customer)) },
    { value: palette.cards, items: known(found.cards.map(card)) },
    { value: palette.general, items: commands.map(offer).filter(fits) },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

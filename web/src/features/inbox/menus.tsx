/** The menus that change conversations; each can be opened by a shortcut too, hence open from outside. */
import { useState, type ReactElement, type ReactNode } from 'react';
import type { Person, Priority } from '@/api/types';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useUser } from '@/store/session';
import { useUsers } from '@/store/people';
import { Avatar } from '@/ui/avatar';
import { Menu, type MenuItem } from '@/ui/menu';
import type { Run } from './acts';
import { extras } from './extras';
import { snoozeTimes } from './snooze';

export type MenuName = 'assign' | 'snooze' | 'labels';

export interface Opened {
  open: boolean;
  onOpenChange(open: boolean): void;
}

interface AssignProps extends Opened {
  /** Undefined: several conversations at once, so nobody is ticked. */
  assignee: Person | null | undefined;
  trigger: ReactElement;
  run: Run;
}

export function useAssignItems(assignee: Person | null | undefined, run: Run): MenuItem[] {
  const t = useTexts().inbox.actions;
  const user = useUser();
  const users = useUsers();
  const item = (person: Person, label: string): MenuItem => ({
    label,
    icon: <Avatar name={person.name} size={20} />,
    checked: assignee === undefined ? undefined : assignee?.id === person.id,
    onSelect: () => run({ type: 'assign', to: person }),
  });
  const items: MenuItem[] = [
    item({ id: user.id, name: user.name }, t.me),
    {
      label: t.nobody,
      checked: assignee === undefined ? undefined : assignee === null,
      onSelect: () => run({ type: 'assign', to: null }),
    },
  ];
  const others = users.filter((other) => other.id !== user.id && !other.disabled);
  if (others.length > 0) items.push('separator', ...others.map(({ id, name }) => item({ id, name }, name)));
  return items;
}

export function AssignMenu({ assignee, trigger, run, open, onOpenChange }: AssignProps) {
  const t = useTexts().inbox.actions;
  return <Menu trigger={trigger} label={t.assignTo} items={useAssignItems(assignee, run)} open={open} onOpenChange={onOpenChange} align="end" />;
}

interface SnoozeProps extends Opened {
  snoozed: boolean;
  trigger: ReactElement;
  run: Run;
}

/** The choices, and the dialog that the last of them opens. */
export function useSnooze(snoozed: boolean, run: Run): { items: MenuItem[]; dialog: ReactNode } {
  const t = useTexts().inbox.actions;
  const [picking, setPicking] = useState(false);
  const times = snoozeTimes(new Date());
  const until = (label: string, at: string): MenuItem => ({
    label: `${label} · ${full(at)}`,
    onSelect: () => run({ type: 'snooze', until: at }),
  });
  const items: MenuItem[] = [
    ...(times.laterToday ? [until(t.laterToday, times.laterToday)] : []),
    until(t.tomorrow, times.tomorrow),
    until(t.nextWeek, times.nextWeek),
    { label: t.untilReply, onSelect: () => run({ type: 'snooze', until: null }) },
    { label: t.pick, onSelect: () => setPicking(true) },
  ];
  if (snoozed) items.push('separator', { label: t.wake, onSelect: () => run({ type: 'status', status: 'open' }) });
  return { items, dialog: picking && <PickTime start={times.tomorrow} run={run} onClose={() => setPicking(false)} /> };
}

export function SnoozeMenu({ snoozed, trigger, run, open, onOpenChange }: SnoozeProps) {
  const t = useTexts().inbox.actions;
  const { items, dialog } = useSnooze(snoozed, run);
  return (
    <>
      <Menu trigger={trigger} label={t.snooze} items={items} open={open} onOpenChange={onOpenChange} align="end" />
      {dialog}
    </>
  );
}

function PickTime({ start, run, onClose }: { start: string; run: Run; onClose(): void }) {
  const parts = extras.useLoaded(true);
  return parts && <parts.SnoozeDialog start={start} run={run} onClose={onClose} />;
}

const priorities: readonly Priority[] = ['urgent', 'high', 'normal', 'low'];

export function usePriorityItems(current: Priority | null | undefined, run: Run): MenuItem[] {
  const t = useTexts().inbox.priority;
  return [...priorities, null].map((priority) => ({
    label: priority === null ? t.none : t[priority],
    checked: current === undefined ? undefined : current === priority,
    onSelect: () => run({ type: 'priority', priority }),
  }));
}

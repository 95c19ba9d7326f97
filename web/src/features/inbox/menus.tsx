/** The menus that change conversations; each can be opened by a shortcut too, hence open from outside. */
import { useState, type ReactElement } from 'react';
import { X } from 'lucide-react';
import type { Person, Priority } from '@/api/types';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { useUser } from '@/store/session';
import { useUsers } from '@/store/people';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { Menu, type MenuItem } from '@/ui/menu';
import { Popover } from '@/ui/popover';
import type { Run } from './acts';
import { fromLocalField, snoozeTimes, toLocalField } from './snooze';

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

export function AssignMenu({ assignee, trigger, run, open, onOpenChange }: AssignProps) {
  const t = useTexts().inbox.actions;
  const user = useUser();
  const users = useUsers();
  const me = { id: user.id, name: user.name };
  const item = (person: Person, label: string): MenuItem => ({
    label,
    icon: <Avatar name={person.name} size={20} />,
    checked: assignee === undefined ? undefined : assignee?.id === person.id,
    onSelect: () => run({ type: 'assign', to: person }),
  });
  const items: MenuItem[] = [
    item(me, t.me),
    {
      label: t.nobody,
      checked: assignee === undefined ? undefined : assignee === null,
      onSelect: () => run({ type: 'assign', to: null }),
    },
  ];
  const others = users.filter((other) => other.id !== user.id && !other.disabled);
  if (others.length > 0) items.push('separator', ...others.map(({ id, name }) => item({ id, name }, name)));
  return <Menu trigger={trigger} label={t.assignTo} items={items} open={open} onOpenChange={onOpenChange} align="end" />;
}

interface SnoozeProps extends Opened {
  snoozed: boolean;
  trigger: ReactElement;
  run: Run;
}

export function SnoozeMenu({ snoozed, trigger, run, open, onOpenChange }: SnoozeProps) {
  const t = useTexts().inbox.actions;
  const [picking, setPicking] = useState(false);
  // Read when it opens; the times are of that moment.
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
  return (
    <>
      <Menu trigger={trigger} label={t.snooze} items={items} open={open} onOpenChange={onOpenChange} align="end" />
      {picking && <SnoozeDialog start={times.tomorrow} run={run} onClose={() => setPicking(false)} />}
    </>
  );
}

function SnoozeDialog({ start, run, onClose }: { start: string; run: Run; onClose(): void }) {
  const t = useTexts().inbox.actions;
  const [value, setValue] = useState(() => toLocalField(new Date(start)));
  const [past, setPast] = useState(false);
  const save = () => {
    const until = fromLocalField(value, Date.now());
    setPast(until === null);
    if (until === null) return;
    onClose();
    run({ type: 'snooze', until });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.snoozeTitle}
      actions={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button variant="primary" onClick={save}>
            {t.snooze}
          </Button>
        </>
      }
    >
      <Field label={t.snoozeField} error={past ? t.snoozePast : undefined}>
        <Input
          type="datetime-local"
          value={value}
          min={toLocalField(new Date())}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
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

const MOST_LABELS = 50;
const LONGEST_LABEL = 50;

interface LabelsProps extends Opened {
  /** Undefined: several conversations at once, to which a label can only be added. */
  labels: readonly string[] | undefined;
  /** Labels that are in use, to choose from while typing. */
  known: readonly string[];
  trigger: ReactElement;
  run: Run;
}

export function LabelsPopover({ labels, known, trigger, run, open, onOpenChange }: LabelsProps) {
  const t = useTexts().inbox.actions;
  const [text, setText] = useState('');
  const label = text.trim();
  const own = labels ?? [];
  const error = label.length > LONGEST_LABEL ? t.labelTooLong : own.length >= MOST_LABELS ? t.labelTooMany : undefined;
  const add = () => {
    if (label === '' || error !== undefined) return;
    setText('');
    if (labels === undefined) run({ type: 'label', add: label });
    else if (!labels.includes(label)) run({ type: 'labels', labels: [...labels, label] });
  };
  return (
    <Popover trigger={trigger} label={t.labels} open={open} onOpenChange={onOpenChange} align="end">
      <div className="flex w-64 max-w-full flex-col gap-3">
        {own.length > 0 && (
          <ul className="flex flex-wrap gap-1.5">
            {own.map((one) => (
              <li key={one} className="flex min-w-0 items-center gap-0.5 rounded-6 bg-sunken ps-2 text-12 text-ink">
                <bdi className="truncate">{one}</bdi>
                <button
                  type="button"
                  aria-label={t.removeLabel(one)}
                  className="flex size-6 shrink-0 items-center justify-center rounded-6 text-ink-2 hover:bg-hover hover:text-ink"
                  onClick={() => run({ type: 'labels', labels: own.filter((other) => other !== one) })}
                >
                  <X size={12} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Field label={t.addLabel} error={error}>
            <Input value={text} list="inbox-labels" autoComplete="off" onChange={(event) => setText(event.currentTarget.value)} />
          </Field>
          <Button type="submit" variant="quiet" disabled={label === ''}>
            {t.add}
          </Button>
        </form>
        <LabelOptions id="inbox-labels" known={known.filter((one) => !own.includes(one))} />
      </div>
    </Popover>
  );
}

export function LabelOptions({ id, known }: { id: string; known: readonly string[] }) {
  return (
    <datalist id={id}>
      {known.map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
  );
}

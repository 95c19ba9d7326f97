/** The fields of a card. Shown on the board at once; if somebody else was faster, theirs and ours stand side by side. */
import { type FormEvent, useRef, useState } from 'react';
import type { Card, CardEdit } from '@/api/types';
import { announce } from '@/lib/announce';
import { collate, day, money } from '@/lib/format';
import { currentLocale, useTexts } from '@/lib/i18n';
import { patchCard } from '@/store/actions';
import { cards } from '@/store/entities';
import { useUsers } from '@/store/people';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Input } from '@/ui/input';
import { Select } from '@/ui/select';
import { cardName, reason } from './actions';
import { inputAmount, parseAmount } from './amount';
import { type CardField, differences, saveEdit } from './edit';
import { dateOf, dueOf } from './labels';

interface Draft {
  title: string;
  amount: string;
  currency: string;
  assignee: string;
  due: string;
}

/** What of the form makes up each field. */
const inputs: Record<CardField, readonly (keyof Draft)[]> = {
  title: ['title'],
  value: ['amount', 'currency'],
  assignee: ['assignee'],
  due_at: ['due'],
};
const NOBODY = 'nobody';
const COMMON = ['EUR', 'TRY', 'USD', 'GBP', 'CHF'];
const TITLE_MAX = 200;

function draftOf(card: Card): Draft {
  return {
    title: card.title,
    amount: card.value ? inputAmount(card.value, currentLocale()) : '',
    currency: card.value?.currency ?? usualCurrency(),
    assignee: card.assignee?.id ?? NOBODY,
    due: card.due_at ? dateOf(card.due_at) : '',
  };
}

/** What the board's other cards are in; a new value is most likely in the same. */
function usualCurrency(): string {
  for (const card of cards.values()) if (card.value) return card.value.currency;
  return COMMON[0] ?? 'EUR';
}

interface CardFormProps {
  card: Card;
  canWrite: boolean;
  onDone(): void;
}

export function CardForm({ card, canWrite, onDone }: CardFormProps) {
  const { board: words, common } = useTexts();
  const users = useUsers();
  // The card as it was when the user began, or last agreed to what the others made of it.
  const [start, setStart] = useState(card);
  const [draft, setDraft] = useState(() => draftOf(card));
  const [touched, setTouched] = useState<ReadonlySet<keyof Draft>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isOwnSave, setOwnSave] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const set = (key: keyof Draft) => (value: string) => {
    setDraft((old) => ({ ...old, [key]: value }));
    setTouched((old) => new Set(old).add(key));
    setError(null);
  };
  // While our own save is on its way, the row shows it: that is no conflict.
  const changed = isOwnSave ? [] : differences(start, card);
  const isTouched = (field: CardField) => inputs[field].some((key) => touched.has(key));
  const theirs = changed.filter(isTouched);
  // Where nothing was typed, what others change simply shows.
  const free = changed.filter((field) => !isTouched(field));
  if (free.length > 0) {
    const now = draftOf(card);
    setStart({ ...start, ...Object.fromEntries(free.map((field) => [field, card[field]])) });
    setDraft({ ...draft, ...Object.fromEntries(free.flatMap((field) => inputs[field]).map((key) => [key, now[key]])) });
  }
  const amount = draft.amount.trim() === '' ? null : parseAmount(draft.amount, draft.currency, currentLocale());
  const amountError = draft.amount.trim() !== '' && amount === null ? words.badAmount : undefined;

  const edit = (): CardEdit => {
    const changes: CardEdit = {};
    if (touched.has('title')) changes.title = draft.title.trim();
    if (touched.has('amount') || touched.has('currency')) changes.value = amount === null ? null : { amount, currency: draft.currency };
    if (touched.has('assignee')) {
      const user = users.find((other) => other.id === draft.assignee);
      changes.assignee = user ? { id: user.id, name: user.name } : null;
    }
    // The same day again is no change, whatever the time of day it was due.
    if (touched.has('due') && draft.due !== (start.due_at ? dateOf(start.due_at) : '')) changes.due_at = dueOf(draft.due);
    return changes;
  };

  const save = async (from: Card) => {
    if (amountError || isBusy) return;
    setBusy(true);
    setOwnSave(true);
    setError(null);
    try {
      const saved = await saveEdit(from, cards.get(card.id) ?? card, edit(), patchCard);
      if (saved.done) {
        announce(words.savedCard(cardName(card.id)));
        onDone();
        return;
      }
      announce(words.changedByOther);
    } catch (fault) {
      setError(reason(fault));
    }
    setBusy(false);
    setOwnSave(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(start);
  };
  const takeTheirs = () => {
    setStart(card);
    setDraft(draftOf(card));
    setTouched(new Set());
    setError(null);
    form.current?.querySelector('input')?.focus();
  };
  const keepOurs = () => {
    setStart(card);
    void save(card);
  };

  const assignees = [
    { value: NOBODY, label: common.nobody },
    ...users
      .filter((user) => !user.disabled || user.id === start.assignee?.id)
      .toSorted((a, b) => collate(a.name, b.name))
      .map((user) => ({ value: user.id, label: user.name, icon: <Avatar name={user.name} size={20} /> })),
  ];
  if (card.assignee && !assignees.some((item) => item.value === card.assignee?.id)) {
    assignees.push({ value: card.assignee.id, label: card.assignee.name });
  }
  const currencies = [...new Set([draft.currency, ...COMMON])];
  const isConflict = theirs.length > 0 && !isBusy;
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-3">
      {isConflict && <Conflict start={start} now={card} fields={theirs} onTheirs={takeTheirs} onOurs={keepOurs} />}
      <Field label={words.csv.title}>
        <Input value={draft.title} dir="auto" maxLength={TITLE_MAX} disabled={!canWrite} autoComplete="off" onChange={(event) => set('title')(event.target.value)} />
      </Field>
      <div className="grid grid-cols-[minmax(0,1fr)_7rem] items-start gap-2">
        <Field label={words.csv.value} error={amountError}>
          <Input value={draft.amount} inputMode="decimal" disabled={!canWrite} autoComplete="off" onChange={(event) => set('amount')(event.target.value)} />
        </Field>
        <Select
          label={words.csv.currency}
          value={draft.currency}
          disabled={!canWrite}
          onChange={set('currency')}
          items={currencies.map((currency) => ({ value: currency, label: currency }))}
        />
      </div>
      <Select label={words.csv.assignee} value={draft.assignee} disabled={!canWrite} onChange={set('assignee')} items={assignees} />
      <Field label={words.csv.due}>
        <Input type="date" value={draft.due} disabled={!canWrite} max="9999-12-31" onChange={(event) => set('due')(event.target.value)} />
      </Field>
      {error && (
        <p role="alert" className="text-12 text-danger-text">
          {words.notSaved} {error}
        </p>
      )}
      {canWrite && (
        <div className="flex justify-end gap-2">
          <Button onClick={onDone}>{common.cancel}</Button>
          <Button type="submit" variant="primary" busy={isBusy} disabled={isConflict || Boolean(amountError)}>
            {common.save}
          </Button>
        </div>
      )}
    </form>
  );
}

interface ConflictProps {
  start: Card;
  now: Card;
  fields: readonly CardField[];
  onTheirs(): void;
  onOurs(): void;
}

function Conflict({ start, now, fields, onTheirs, onOurs }: ConflictProps) {
  const { board: words, common } = useTexts();
  const names: Record<CardField, string> = { title: words.csv.title, value: words.csv.value, assignee: words.csv.assignee, due_at: words.csv.due };
  return (
    <section role="alert" className="flex flex-col gap-2 rounded-8 bg-lamp-soft p-3 text-lamp-text">
      <p className="text-13 font-medium">{words.changedByOther}</p>
      <ul className="flex flex-col gap-0.5 text-12">
        {fields.map((field) => (
          <li key={field} dir="auto">
            {words.changedFromTo(names[field], shown(start, field, common.none), shown(now, field, common.none))}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onTheirs}>
          {words.takeTheirs}
        </Button>
        <Button size="sm" onClick={onOurs}>
          {words.saveOurs}
        </Button>
      </div>
    </section>
  );
}

function shown(card: Card, field: CardField, none: string): string {
  if (field === 'title') return card.title || none;
  if (field === 'value') return card.value ? money(card.value) : none;
  if (field === 'assignee') return card.assignee?.name ?? none;
  return card.due_at ? day(card.due_at) : none;
}

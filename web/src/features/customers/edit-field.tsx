/** One field of a customer: a value until somebody edits it, saved optimistically. */
import { Pencil, Plus } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Customer } from '@/api/types';
import { announce } from '@/lib/announce';
import { useTexts } from '@/lib/i18n';
import { patchCustomer } from '@/store/actions';
import { customers } from '@/store/entities';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { IconButton } from '@/ui/icon-button';
import { Input } from '@/ui/input';
import { type FieldName, save, valueOf } from './edit';

interface Open {
  draft: string;
  start: string;
  error?: string;
  theirs?: string;
}

const types = { name: 'text', phone: 'tel', email: 'email' } as const;

interface EditFieldProps {
  customer: Customer;
  field: FieldName;
  editable: boolean;
  /** How the value looks while nobody edits it. */
  children: ReactNode;
}

export function EditField({ customer, field, editable, children }: EditFieldProps) {
  const t = useTexts().customers.edit;
  const [open, setOpen] = useState<Open | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const value = valueOf(customer, field);
  const label = t[field];

  // In the same commit that takes the editor away: the drawer would send a lost focus to its top.
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    if (wasOpen.current && !open) opener.current?.focus();
    wasOpen.current = open !== null;
  }, [open]);

  const close = () => setOpen(null);
  const submit = async (draft: string, start: string) => {
    // The value shows as saved at once; a refusal opens the field again with what was typed.
    close();
    const result = await save({
      field,
      draft,
      start,
      current: () => valueOf(customers.base(customer.id) ?? customer, field),
      patch: (edit) => patchCustomer(customer.id, edit),
      texts: t,
    });
    if (result.kind === 'saved') announce(t.saved(label));
    if (result.kind === 'refused') setOpen({ draft, start, error: result.error });
    if (result.kind === 'conflict') setOpen({ draft, start: result.theirs, theirs: result.theirs });
  };

  if (open) return <Editor label={label} type={types[field]} open={open} onDraft={(draft) => setOpen({ ...open, draft, error: undefined })} onSubmit={submit} onClose={close} />;
  if (!editable) return <>{children}</>;
  if (value === '' && field !== 'name') {
    return (
      <Button ref={opener} size="sm" variant="plain" className="-ms-2" icon={<Plus size={13} aria-hidden />} onClick={() => setOpen({ draft: '', start: '' })}>
        {t.add(label)}
      </Button>
    );
  }
  return (
    <span className="flex min-w-0 items-center gap-1">
      {children}
      <IconButton ref={opener} size="sm" label={t.edit(label)} icon={<Pencil size={13} strokeWidth={1.75} />} onClick={() => setOpen({ draft: value, start: value })} />
    </span>
  );
}

interface EditorProps {
  label: string;
  type: 'text' | 'tel' | 'email';
  open: Open;
  onDraft(draft: string): void;
  onSubmit(draft: string, start: string): Promise<void>;
  onClose(): void;
}

function Editor({ label, type, open, onDraft, onSubmit, onClose }: EditorProps) {
  const t = useTexts().customers.edit;
  const { draft, start, error, theirs } = open;
  return (
    <form
      noValidate
      className="flex w-full min-w-0 flex-col gap-2 pb-1.5 text-13 font-normal"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit(draft, start);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        // The first Escape leaves the field, the next one the drawer.
        event.stopPropagation();
        onClose();
      }}
    >
      <Field label={label} error={error}>
        {/* The field opens because its button was pressed: the focus follows. */}
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
        <Input autoFocus type={type} value={draft} dir={type === 'text' ? 'auto' : 'ltr'} autoComplete="off" onChange={(event) => onDraft(event.target.value)} />
      </Field>
      {theirs !== undefined && (
        <p role="alert" className="rounded-6 bg-lamp-soft px-2.5 py-1.5 text-12 text-lamp-text">
          {t.conflict} <bdi className="font-medium">{theirs === '' ? t.nothing : theirs}</bdi>
        </p>
      )}
      <span className="flex flex-wrap gap-2">
        <Button size="sm" type="submit" variant="primary">
          {theirs === undefined ? t.save : t.keepMine}
        </Button>
        <Button size="sm" variant="plain" onClick={onClose}>
          {theirs === undefined ? t.cancel : t.takeTheirs}
        </Button>
      </span>
    </form>
  );
}

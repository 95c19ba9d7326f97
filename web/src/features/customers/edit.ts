/**
 * Editing one field of a customer: what is sent, and what comes of a refusal.
 *
 * Invariants: a value that somebody else saved while one was typing is never overwritten without being shown first; what
 * was typed is never lost. A change of another field of the same customer is no conflict.
 */
import { ApiError, asApiError } from '@/api/client';
import type { Customer, CustomerEdit } from '@/api/types';
import type { AllTexts } from '@/lib/i18n';

export type FieldName = 'name' | 'phone' | 'email';

export type Saved =
  | { kind: 'saved' }
  /** `error` says why; the field stays open. */
  | { kind: 'refused'; error: string }
  /** The field has another value than the one that the edit began with. */
  | { kind: 'conflict'; theirs: string };

interface Attempt {
  field: FieldName;
  draft: string;
  /** The value that the user saw when beginning, or was shown as theirs since. */
  start: string;
  /** The value now, without the edit. */
  current(): string;
  patch(edit: CustomerEdit): Promise<unknown>;
  texts: AllTexts['customers']['edit'];
}

export function valueOf(customer: Customer, field: FieldName): string {
  return customer[field] ?? '';
}

export async function save({ field, draft, start, current, patch, texts }: Attempt): Promise<Saved> {
  const value = draft.trim();
  const now = current();
  if (value === now) return { kind: 'saved' };
  if (now !== start) return { kind: 'conflict', theirs: now };
  if (field === 'name' && value === '') return { kind: 'refused', error: texts.required };
  const edit = editOf(field, value);
  try {
    await patch(edit);
    return { kind: 'saved' };
  } catch (error) {
    const theirs = theirsOf(error, field);
    if (theirs === undefined) return { kind: 'refused', error: wording(error, field, texts) };
    if (theirs === value) return { kind: 'saved' };
    if (theirs !== start) return { kind: 'conflict', theirs };
  }
  // Another field changed meanwhile: the store has the newer version now, and this one goes on top of it.
  try {
    await patch(edit);
    return { kind: 'saved' };
  } catch (error) {
    const theirs = theirsOf(error, field);
    if (theirs !== undefined && theirs !== start) return { kind: 'conflict', theirs };
    return { kind: 'refused', error: wording(error, field, texts) };
  }
}

function editOf(field: FieldName, value: string): CustomerEdit {
  if (field === 'name') return { name: value };
  return field === 'phone' ? { phone: value || null } : { email: value || null };
}

/** The field's value in the record that a 409 brings along. */
function theirsOf(error: unknown, field: FieldName): string | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) return undefined;
  const current: unknown = error.problem?.current;
  if (typeof current !== 'object' || current === null || !('version' in current)) return undefined;
  const value: unknown = (current as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : '';
}

function wording(error: unknown, field: FieldName, texts: AllTexts['customers']['edit']): string {
  const { status, code, detail, problem } = asApiError(error);
  if (code === 'offline') return texts.offline;
  if (status === 403) return texts.forbidden;
  const refusal = problem?.errors?.find((it) => it.field === field);
  if (refusal?.code === 'too_long') return texts.tooLong;
  if (refusal?.code === 'required') return texts.required;
  if (refusal?.code === 'invalid' && field === 'phone') return texts.badPhone;
  if (refusal?.code === 'invalid' && field === 'email') return texts.badEmail;
  return refusal?.detail ?? detail;
}

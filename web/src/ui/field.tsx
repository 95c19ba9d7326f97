import { Field as Base } from '@base-ui/react/field';
import type { ReactNode } from 'react';

/** Label, hint and error of one control; the control inside is tied to them by Base UI. */
export function Field({ label, hint, error, children }: { label: string; hint?: string; error?: string; children: ReactNode }) {
  return (
    <Base.Root invalid={Boolean(error)} className="flex flex-col gap-1">
      <Base.Label className="text-12 font-medium text-ink-2">{label}</Base.Label>
      {children}
      {hint && !error && <Base.Description className="text-12 text-ink-3">{hint}</Base.Description>}
      {error && (
        <Base.Error match className="text-12 text-danger-text">
          {error}
        </Base.Error>
      )}
    </Base.Root>
  );
}

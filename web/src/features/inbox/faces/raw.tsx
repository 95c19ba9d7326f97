import { useState } from 'react';
import { useTexts } from '@/lib/i18n';
import { extras } from '../extras';

/** What a face can't show is a click away, as the platform sent it. */
export function RawButton({ value }: { value: unknown }) {
  const t = useTexts().inbox.message;
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="min-h-6 text-13 font-medium text-accent-text underline-offset-2 hover:underline"
        onClick={() => setOpen(true)}
      >
        {t.raw}
      </button>
      {open && <Raw value={value} onClose={() => setOpen(false)} />}
    </>
  );
}

function Raw({ value, onClose }: { value: unknown; onClose(): void }) {
  const parts = extras.useLoaded(true);
  return parts && <parts.RawDialog value={value} onClose={onClose} />;
}

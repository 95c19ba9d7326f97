import { useRef } from 'react';
import { Paperclip } from 'lucide-react';
import { useTexts } from '@/lib/i18n';
import { useShortcuts } from '@/lib/keys';
import { IconButton } from '@/ui/icon-button';

const KEYS = 'mod+alt+a';

export function AttachButton({ disabled, onFiles }: { disabled: boolean; onFiles(files: readonly File[]): void }) {
  const { files: t, composer } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const choose = () => input.current?.click();
  useShortcuts([{ keys: KEYS, label: t.attach, group: composer.keys.group, run: choose, enabled: !disabled }]);
  return (
    <>
      <IconButton label={t.attach} shortcut={KEYS} disabled={disabled} icon={<Paperclip size={17} strokeWidth={1.75} />} onClick={choose} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-attach
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be chosen once more.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

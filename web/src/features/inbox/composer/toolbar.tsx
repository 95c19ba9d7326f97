import { useState } from 'react';
import { CalendarClock, ChevronDown, SendHorizontal } from 'lucide-react';
import type { Conversation, DraftKind } from '@/api/types';
import { sendKeyPreference } from '@/lib/composing';
import { full } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { usePreference } from '@/lib/prefs';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Menu } from '@/ui/menu';
import { useTooltip } from '@/ui/tooltip';
import { joinProps } from '@/ui/props';
import { EmojiButton } from './emoji-picker';
import { LaterDialog } from './later-dialog';
import { isNear, laterTimes, measure } from './rules';
import type { Send } from './send';

interface ToolbarProps {
  conversation: Conversation;
  kind: DraftKind;
  text: string;
  blocked: boolean;
  insert(what: string): void;
  onSend: Send;
}

/** The row under the text: what can be put in, how much is used, and sending now or later. */
export function Toolbar({ conversation, kind, text, blocked, insert, onSend }: ToolbarProps) {
  const t = useTexts().composer;
  const [sendKey] = usePreference(sendKeyPreference);
  const note = kind === 'note';
  const used = measure(text.trim(), conversation.channel.kind, note);
  const over = used.used > used.limit;
  const tooltip = useTooltip({ text: note ? t.addNote : t.send, shortcut: sendKey === 'enter' ? 'Enter' : 'mod+Enter' });
  return (
    <div className="mt-2 flex items-center gap-1.5">
      <EmojiButton disabled={blocked} onPick={insert} />
      <span className="grow" />
      {isNear(used) && (
        <span role="status" className={`text-12 tabular-nums ${over ? 'font-medium text-danger-text' : 'text-ink-2'}`}>
          {over ? t.tooLong(used.used - used.limit) : t.left(used.limit - used.used)}
        </span>
      )}
      {!note && <SendLater disabled={blocked || over || text.trim() === ''} onSend={onSend} />}
      <Button
        {...joinProps({ onClick: () => onSend() }, tooltip)}
        variant="primary"
        disabled={blocked || over}
        icon={<SendHorizontal size={15} strokeWidth={1.75} aria-hidden="true" className="rtl:-scale-x-100" />}
      >
        {note ? t.addNote : t.send}
      </Button>
    </div>
  );
}

function SendLater({ disabled, onSend }: { disabled: boolean; onSend: Send }) {
  const t = useTexts().composer;
  const [picking, setPicking] = useState(false);
  const times = laterTimes(new Date());
  return (
    <>
      <Menu
        align="end"
        label={t.sendLater}
        trigger={
          <IconButton
            label={t.sendLater}
            disabled={disabled}
            className="w-auto! gap-0.5 px-1.5"
            icon={
              <>
                <CalendarClock size={16} strokeWidth={1.75} />
                <ChevronDown size={12} />
              </>
            }
          />
        }
        items={[
          { label: `${t.inAnHour} · ${full(times.hour)}`, onSelect: () => onSend({ at: laterTimes(new Date()).hour }) },
          { label: `${t.tomorrow} · ${full(times.tomorrow)}`, onSelect: () => onSend({ at: times.tomorrow }) },
          { label: t.pick, onSelect: () => setPicking(true) },
        ]}
      />
      {picking && <LaterDialog start={times.tomorrow} onClose={() => setPicking(false)} onPick={(at) => onSend({ at })} />}
    </>
  );
}

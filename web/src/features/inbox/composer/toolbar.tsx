import { LayoutTemplate, Mic, SendHorizontal } from 'lucide-react';
import type { Conversation, DraftKind } from '@/api/types';
import { sendKeyPreference } from '@/lib/composing';
import { useTexts } from '@/lib/i18n';
import { usePreference } from '@/lib/prefs';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { useTooltip } from '@/ui/tooltip';
import { joinProps } from '@/ui/props';
import { useTray } from '@/store/tray';
import { AttachButton } from './attach-button';
import { EmojiButton } from './emoji-picker';
import { InsertMenu } from './insert-menu';
import { isNear, measure } from './rules';
import type { Send } from './send';
import { SendLater } from './send-later';
import { recorder } from './voice/deferred';

interface ToolbarProps {
  conversation: Conversation;
  kind: DraftKind;
  text: string;
  blocked: boolean;
  insert(what: string): void;
  onSend: Send;
  onFiles(files: readonly File[]): void;
  recording: boolean;
  onRecord(): void;
  /** Where the channel has templates. */
  onTemplate?(): void;
}

/** The row under the text: what can be put in, how much is used, and sending now or later. */
export function Toolbar({ conversation, kind, text, blocked, insert, onSend, onFiles, recording, onRecord, onTemplate }: ToolbarProps) {
  const { composer: t, files, templates: words } = useTexts();
  const [sendKey] = usePreference(sendKeyPreference);
  const note = kind === 'note';
  const used = measure(text.trim(), conversation.channel.kind, note);
  const over = used.used > used.limit;
  const empty = useTray(conversation.id, kind).length === 0 && text.trim() === '';
  const tooltip = useTooltip({ text: note ? t.addNote : t.send, shortcut: sendKey === 'enter' ? 'Enter' : 'mod+Enter' });
  return (
    <div className="mt-2 flex flex-wrap items-center gap-1.5 max-sm:gap-0">
      {!note && <InsertMenu conversation={conversation} disabled={blocked} />}
      <AttachButton disabled={blocked} onFiles={onFiles} />
      <IconButton label={files.voice.record} disabled={blocked || recording} icon={<Mic size={17} strokeWidth={1.75} />} onClick={onRecord} onPointerEnter={() => recorder.warm()} />
      <EmojiButton disabled={blocked} onPick={insert} />
      {onTemplate && <IconButton label={words.insert} shortcut="t" icon={<LayoutTemplate size={17} strokeWidth={1.75} />} onClick={onTemplate} />}
      <span className="grow" />
      {isNear(used) && (
        <span role="status" className={`text-12 tabular-nums ${over ? 'font-medium text-danger-text' : 'text-ink-2'}`}>
          {over ? t.tooLong(used.used - used.limit) : t.left(used.limit - used.used)}
        </span>
      )}
      {!note && <SendLater disabled={blocked || over || empty} onSend={onSend} />}
      <Button
        {...joinProps({ onClick: () => onSend() }, tooltip)}
        variant="primary"
        className="ms-auto max-sm:ms-1.5"
        disabled={blocked || over}
        icon={<SendHorizontal size={15} strokeWidth={1.75} aria-hidden="true" className="rtl:-scale-x-100" />}
      >
        {/* Or it would have a row of its own. */}
        <span className="max-sm:sr-only">{note ? t.addNote : t.send}</span>
      </Button>
    </div>
  );
}

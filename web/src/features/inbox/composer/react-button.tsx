/** Reacting to a message of a customer: six at hand, all others behind them. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Heart, Plus, SmilePlus } from 'lucide-react';
import { asApiError } from '@/api/client';
import type { ChannelKind, Message } from '@/api/types';
import { texts, useTexts } from '@/lib/i18n';
import { ourReaction, react } from '@/store/reactions';
import { Popover } from '@/ui/popover';
import { toast } from '@/ui/toast';
import { EmojiGrid } from './emoji-picker';

const AT_HAND = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
/** The only one that Instagram knows. */
const HEART = '❤️';

interface ReactProps {
  message: Message;
  channel: ChannelKind | string;
  className: string;
}

export function ReactButton({ message, channel, className }: ReactProps) {
  const t = useTexts().composer.reactions;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const ours = ourReaction(message.reactions);
  const choose = (emoji: string) => {
    setOpen(false);
    give(message.id, emoji === ours ? null : emoji);
  };
  const only = channel === 'instagram';
  useLongPress(button, () => (only ? choose(HEART) : setOpen(true)));
  if (only) {
    const label = ours === null ? t.heart : t.takeBack(HEART);
    return (
      <button ref={button} type="button" className={className} aria-label={label} title={label} onClick={() => choose(HEART)}>
        <Heart size={14} strokeWidth={1.75} fill={ours === null ? 'none' : 'currentColor'} aria-hidden="true" />
      </button>
    );
  }
  return (
    <Popover
      label={t.react}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button ref={button} type="button" className={className} aria-label={t.react} title={t.react}>
          <SmilePlus size={15} strokeWidth={1.75} aria-hidden="true" />
        </button>
      }
    >
      <Choice ours={ours} onChoose={choose} />
    </Popover>
  );
}

function Choice({ ours, onChoose }: { ours: string | null; onChoose(emoji: string): void }) {
  const t = useTexts().composer.reactions;
  const [all, setAll] = useState(false);
  if (all) return <EmojiGrid onPick={onChoose} />;
  const face = 'flex size-9 items-center justify-center rounded-full text-20 hover:bg-hover focus-visible:-outline-offset-2 aria-pressed:bg-accent-soft max-sm:size-11';
  const shown = ours === null || AT_HAND.includes(ours) ? AT_HAND : [ours, ...AT_HAND.slice(1)];
  return (
    <div role="group" aria-label={t.react} className="flex items-center gap-0.5">
      {shown.map((emoji) => (
        <button key={emoji} type="button" className={face} aria-pressed={emoji === ours} aria-label={emoji === ours ? t.takeBack(emoji) : t.with(emoji)} onClick={() => onChoose(emoji)}>
          {emoji}
        </button>
      ))}
      <button type="button" className={face} aria-label={t.more} title={t.more} onClick={() => setAll(true)}>
        <Plus size={18} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}

function give(id: string, emoji: string | null): void {
  react(id, emoji).catch((error: unknown) => toast({ title: texts().composer.notDone, text: asApiError(error).detail, tone: 'danger' }));
}

const LONG_MS = 450;
/** A finger is never quite still. */
const SLOP_PX = 10;

/** A finger that rests on the message means it; there is no pointer to hover with. */
function useLongPress(inside: RefObject<HTMLElement | null>, run: () => void): void {
  const now = useRef(run);
  useEffect(() => {
    now.current = run;
  });
  useEffect(() => {
    const bubble = inside.current?.closest<HTMLElement>('[data-bubble]');
    if (!bubble) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start = { x: 0, y: 0 };
    const end = () => clearTimeout(timer);
    const down = (event: PointerEvent) => {
      end();
      if (event.pointerType !== 'touch' || (event.target instanceof Element && event.target.closest('a,button,[role="slider"],video'))) return;
      start = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => now.current(), LONG_MS);
    };
    const move = (event: PointerEvent) => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLOP_PX) end();
    };
    const listeners = [
      ['pointerdown', down],
      ['pointermove', move],
      ['pointerup', end],
      ['pointercancel', end],
    ] as const;
    for (const [type, listener] of listeners) bubble.addEventListener(type, listener);
    return () => {
      end();
      for (const [type, listener] of listeners) bubble.removeEventListener(type, listener);
    };
  }, [inside]);
}

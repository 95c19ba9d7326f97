/** One message in the thread, with the separators above it. Drawn anew only when its own record or place changes. */
import { memo } from 'react';
import { Forward, History, Lock } from 'lucide-react';
import type { Message } from '@/api/types';
import { day, full, time } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { currentUser } from '@/store/session';
import { useMessage } from '@/store/unsent';
import { composer } from './composer/deferred';
import { Face } from './faces';
import { Lead } from './faces/block';
import { Quote } from './faces/quote';
import { Reactions } from './faces/reactions';
import { FailureLine, StatusTick } from './faces/status';
import type { Place } from './grouping';
import type { InboxTexts } from './kinds';

interface MessageRowProps {
  place: Place;
  /** Nothing is older than this one. */
  begins: boolean;
  highlighted: boolean;
  onJump(id: string): void;
}

export const MessageRow = memo(
  function MessageRow({ place, begins, highlighted, onJump }: MessageRowProps) {
    const message = useMessage(place.id);
    const t = useTexts().inbox;
    if (!message) return null;
    return (
      <>
        {begins && <p className="pb-2 text-center text-12 text-ink-3">{t.thread.start}</p>}
        {place.day !== null && <DaySeparator at={place.day} />}
        {place.unread && <UnreadDivider />}
        <Bubble message={message} place={place} highlighted={highlighted} onJump={onJump} />
      </>
    );
  },
  (a, b) =>
    a.begins === b.begins &&
    a.highlighted === b.highlighted &&
    a.onJump === b.onJump &&
    a.place.id === b.place.id &&
    a.place.day === b.place.day &&
    a.place.unread === b.place.unread &&
    a.place.first === b.place.first &&
    a.place.last === b.place.last,
);

function DaySeparator({ at }: { at: string }) {
  return (
    <div className="flex justify-center py-3">
      <span className="rounded-16 border border-line bg-panel px-3 py-0.5 text-11 font-medium text-ink-2">
        <bdi>{day(at)}</bdi>
      </span>
    </div>
  );
}

function UnreadDivider() {
  const t = useTexts().inbox.thread;
  return (
    <div className="flex items-center gap-3 py-2.5 text-11 font-semibold text-lamp-text">
      <span aria-hidden="true" className="h-px flex-1 bg-lamp" />
      {t.newMessages}
      <span aria-hidden="true" className="h-px flex-1 bg-lamp" />
    </div>
  );
}

function writerOf(message: Message, t: InboxTexts): string {
  if (message.author) return message.author.id === currentUser()?.id ? t.thread.you : message.author.name;
  return message.direction === 'in' ? t.thread.fromCustomer : t.thread.fromBusiness;
}

const surfaces = {
  in: 'bg-panel border-line',
  out: 'bg-out border-transparent text-out-ink',
  internal: 'bg-lamp-soft border-lamp border-dashed',
} as const;

/** The corner at the writer's side is sharp where the run begins. */
function corners(message: Message, place: Place): string {
  if (!place.first) return 'rounded-16';
  return message.direction === 'in' ? 'rounded-16 rounded-ss-[4px]' : 'rounded-16 rounded-se-[4px]';
}

function Bubble({ message, place, highlighted, onJump }: { message: Message; place: Place; highlighted: boolean; onJump(id: string): void }) {
  const t = useTexts().inbox;
  const incoming = message.direction === 'in';
  const writer = writerOf(message, t);
  const parts = composer.useReady();
  // In a group each customer is named; a colleague is named too, so that the answers of several can be told apart.
  const named = place.first && message.author !== null && message.author !== undefined;
  return (
    <article
      aria-label={t.thread.written(writer, full(message.sent_at))}
      className={`group/message flex flex-col ${incoming ? 'items-start' : 'items-end'} ${place.first ? 'pt-2' : 'pt-0.5'}`}
    >
      {named && (
        <bdi className="px-2 pb-0.5 text-11 font-medium text-ink-2" aria-hidden="true">
          {writer}
        </bdi>
      )}
      <div
        data-bubble
        className={`relative min-w-16 max-w-[min(85%,36rem)] border px-3 py-1.5 text-14 ${surfaces[message.direction]} ${corners(message, place)} ${
          highlighted ? 'outline-2 outline-offset-2 outline-accent' : ''
        }`}
      >
        {message.direction === 'internal' && <Lead icon={Lock}>{t.message.note}</Lead>}
        {message.forwarded && <Lead icon={Forward}>{t.message.forwarded}</Lead>}
        {message.reply_to && !message.deleted_at && <Quote reply={message.reply_to} onJump={onJump} />}
        <Face message={message} />
        <Meta message={message} last={place.last} />
        {parts && <parts.MessageTools message={message} />}
      </div>
      <Reactions reactions={message.reactions} />
      {/* What never left this browser says so beside its buttons. */}
      {(message.version > 0 || !parts) && <FailureLine message={message} />}
      {parts && message.direction !== 'in' && <parts.Outgoing message={message} />}
    </article>
  );
}

/** Time and ticks once for a run; what happened to this very message always. */
function Meta({ message, last }: { message: Message; last: boolean }) {
  const t = useTexts().inbox.message;
  const edited = message.edited_at && !message.deleted_at ? message.edited_at : null;
  const waits = message.status === 'queued' && Boolean(message.send_at);
  const stuck = message.status === 'failed' || message.status === 'uncertain' || message.status === 'held';
  if (!last && !edited && !message.history && !message.standby && !stuck && !waits) return null;
  return (
    <div className="mt-0.5 flex flex-wrap items-center justify-end gap-x-1.5 text-11 text-ink-2">
      {message.history && (
        <span className="flex items-center gap-1">
          <History size={12} strokeWidth={1.75} aria-hidden="true" />
          {t.history}
        </span>
      )}
      {message.standby && <span>{t.standby}</span>}
      {edited !== null && <span title={t.editedAt(full(edited))}>{t.edited}</span>}
      {last && (
        <time dateTime={message.sent_at} title={full(message.sent_at)} className="tabular-nums">
          <bdi>{time(message.sent_at)}</bdi>
        </time>
      )}
      {(last || stuck || waits) && message.direction !== 'in' && <StatusTick status={waits ? 'scheduled' : message.status} />}
    </div>
  );
}

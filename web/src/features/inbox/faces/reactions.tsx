import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';

export function Reactions({ reactions }: { reactions: Message['reactions'] }) {
  const t = useTexts().inbox;
  if (reactions.length === 0) return null;
  return (
    <ul className="-mt-1.5 flex gap-1 px-2">
      {reactions.map((reaction, index) => {
        const given = t.message.reactionBy(reaction.emoji, reaction.by === 'customer' ? t.thread.customer : t.thread.business);
        const failed = reaction.state === 'failed';
        const name = failed ? `${given}, ${t.message.status.failed}` : given;
        const look = failed ? 'border-danger' : reaction.state === 'sending' ? 'border-line opacity-60' : 'border-line';
        return (
          <li key={index} title={name} className={`rounded-16 border bg-raised px-1.5 text-13 shadow-low ${look}`}>
            <span role="img" aria-label={name}>
              {reaction.emoji}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

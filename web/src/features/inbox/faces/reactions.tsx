import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';

export function Reactions({ reactions }: { reactions: Message['reactions'] }) {
  const t = useTexts().inbox;
  if (reactions.length === 0) return null;
  return (
    <ul className="-mt-1.5 flex gap-1 px-2">
      {reactions.map((reaction, index) => {
        const name = t.message.reactionBy(reaction.emoji, reaction.by === 'customer' ? t.thread.customer : t.thread.business);
        return (
          <li key={index} title={name} className="rounded-16 border border-line bg-raised px-1.5 text-13 shadow-low">
            <span role="img" aria-label={name}>
              {reaction.emoji}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

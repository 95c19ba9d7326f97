/** A message that was refused while its writer is elsewhere must not wait to be found. */
import { useEffect, useRef } from 'react';
import { texts } from '@/lib/i18n';
import { conversations } from '@/store/entities';
import { subscribeOutbox, unsent } from '@/store/outbox';
import { toast } from '@/ui/toast';

export function useRefusals(openConversation: string | null, show: (conversation: string) => void): void {
  const now = useRef({ openConversation, show });
  now.current = { openConversation, show };
  useEffect(() => {
    const told = new Set<string>();
    const look = (): void => {
      const refused = unsent().filter((entry) => entry.refusal !== null);
      for (const { client_id, conversation_id, refusal } of refused) {
        if (told.has(client_id)) continue;
        told.add(client_id);
        const at = conversations.resolve(conversation_id);
        const { openConversation: open } = now.current;
        if (open !== null && conversations.resolve(open) === at) continue;
        const { unsent: title, showUnsent: label } = texts().shell;
        toast({ title, text: refusal?.detail, tone: 'danger', action: { label, run: () => now.current.show(at) } });
      }
      // Sent again and refused again is news.
      for (const id of told) if (!refused.some(({ client_id }) => client_id === id)) told.delete(id);
    };
    look();
    return subscribeOutbox(look);
  }, []);
}

import type { Conversation } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { useNow } from '@/live/clock';
import { Dialog } from '@/ui/dialog';
import { sendingAt } from '../rules';
import { TemplatePicker, type Use } from './picker';

/** A template where also anything else could be sent. */
export function TemplateDialog({ conversation, onUse, onClose }: { conversation: Conversation; onUse: Use; onClose(): void }) {
  const t = useTexts().templates;
  const now = useNow();
  return (
    <Dialog open wide onClose={onClose} title={t.title}>
      <TemplatePicker
        channelId={conversation.channel.id}
        customer={conversation.customer.name}
        replyWindow={sendingAt(conversation, now).mode === 'free' ? 'open' : 'closed'}
        onUse={(template, file) => {
          onClose();
          onUse(template, file);
        }}
      />
    </Dialog>
  );
}

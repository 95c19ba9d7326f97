import type { Conversation } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { Dialog } from '@/ui/dialog';
import { TemplatePicker, type Use } from './picker';

/** A template where also anything else could be sent. */
export function TemplateDialog({ conversation, onUse, onClose }: { conversation: Conversation; onUse: Use; onClose(): void }) {
  const t = useTexts().templates;
  return (
    <Dialog open wide onClose={onClose} title={t.title}>
      <TemplatePicker
        channelId={conversation.channel.id}
        customer={conversation.customer.name}
        onUse={(template, file) => {
          onClose();
          onUse(template, file);
        }}
      />
    </Dialog>
  );
}

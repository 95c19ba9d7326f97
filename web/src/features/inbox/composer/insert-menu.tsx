import { Contact, List, type LucideIcon, MapPin, MousePointerClick, Plus } from 'lucide-react';
import type { Conversation } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { own } from '@/lib/own';
import { type FormKind, openForm } from '@/store/forms';
import { IconButton } from '@/ui/icon-button';
import { Menu } from '@/ui/menu';
import { forms } from './forms/deferred';

const glyphs: Record<FormKind, LucideIcon> = { location: MapPin, contact: Contact, buttons: MousePointerClick, list: List };
const offered: Readonly<Record<string, readonly FormKind[]>> = {
  whatsapp: ['location', 'contact', 'buttons', 'list'],
  messenger: ['buttons'],
  instagram: ['buttons'],
};

/** What the channel takes beside texts and files; each opens its form in the place of the text area. */
export function InsertMenu({ conversation, disabled }: { conversation: Conversation; disabled: boolean }) {
  const t = useTexts().forms;
  const kinds = own(offered, conversation.channel.kind);
  if (!kinds) return null;
  return (
    <Menu
      trigger={<IconButton label={t.insert} disabled={disabled} icon={<Plus size={17} strokeWidth={1.75} />} onPointerEnter={() => forms.warm()} />}
      items={kinds.map((kind) => {
        const Icon = glyphs[kind];
        return { label: t.kinds[kind], icon: <Icon size={15} strokeWidth={1.75} />, onSelect: () => openForm(conversation.id, kind) };
      })}
    />
  );
}

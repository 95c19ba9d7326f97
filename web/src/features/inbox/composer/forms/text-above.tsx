import type { Conversation } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { saveDrafts, useDraft, writeDraft } from '@/store/drafts';
import type { FormKind } from '@/store/forms';
import { Field } from '@/ui/field';
import { Textarea } from '@/ui/textarea';
import { isNear } from '../rules';
import { measureText } from './content';

/** The text over buttons or a list: the draft, so that what was begun goes along. */
export function TextAbove({ conversation: { id, channel }, kind }: { conversation: Conversation; kind: FormKind }) {
  const t = useTexts().forms;
  const { text } = useDraft(id, 'reply');
  const { used, limit } = measureText(text, kind, channel.kind);
  const said = t.used(used, limit);
  return (
    <Field label={t.text} hint={isNear({ used, limit }) ? said : undefined} error={used > limit ? said : undefined}>
      <Textarea rows={2} dir="auto" value={text} onChange={(event) => writeDraft(id, 'reply', { text: event.currentTarget.value })} onBlur={saveDrafts} />
    </Field>
  );
}

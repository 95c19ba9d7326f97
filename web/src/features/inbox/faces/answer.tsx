/** What the customer chose instead of writing: buttons, list rows, menu entries, forms. */
import { ClipboardList } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { kindGlyph } from '../kinds';
import { Block, Lead } from './block';
import { asFields } from './fields';
import { RawButton } from './raw';
import { TextFace } from './text';

export function AnswerFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const said = message.kind === 'postback' ? t.faces.pressed : t.faces.chosen;
  return (
    <div title={message.payload ? `${t.message.payload}: ${message.payload}` : undefined}>
      <Lead icon={kindGlyph(message.kind)}>{said}</Lead>
      <TextFace text={message.text ?? message.payload ?? t.kinds.postback} />
    </div>
  );
}

/** The token names the form to the server that sent it; it says nothing to people. */
const HIDDEN = new Set(['flow_token']);

export function FormFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const answers = Object.entries(asFields(message.payload_json) ?? {}).filter(([key]) => !HIDDEN.has(key));
  const shown = (value: unknown): string => {
    if (value === null || value === undefined) return '–';
    if (typeof value === 'boolean') return value ? t.faces.yes : t.faces.no;
    if (Array.isArray(value)) return value.map(shown).join(', ');
    if (typeof value !== 'object') return String(value);
    return Object.entries(value)
      .map(([key, inner]) => `${key}: ${shown(inner)}`)
      .join(', ');
  };
  return (
    <Block icon={ClipboardList} title={t.faces.answered}>
      {answers.length > 0 ? (
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-13">
          {answers.map(([key, value]) => (
            <div key={key} className="contents">
              <dt className="text-ink-2 [overflow-wrap:anywhere]">{key}</dt>
              <dd className="[overflow-wrap:anywhere]" dir="auto">
                {shown(value)}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <>
          <TextFace text={message.text} />
          {/* What the form sent can't be read as answers. */}
          {message.payload && <RawButton value={message.payload} />}
        </>
      )}
    </Block>
  );
}

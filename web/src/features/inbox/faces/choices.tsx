/** Under a text of ours: what the customer may choose of instead of writing. Here nothing of it can be pressed. */
import { CornerUpLeft, List } from 'lucide-react';
import type { Message } from '@/api/types';
import { useTexts } from '@/lib/i18n';
import { asFields, listOf, textOf, type Fields } from './fields';

export function ChoicesFace({ message }: { message: Pick<Message, 'buttons' | 'list'> }) {
  const buttons = listOf({ buttons: message.buttons }, 'buttons').map((button) => textOf(button, 'title'));
  const list = asFields(message.list);
  return (
    <>
      {buttons.length > 0 && <Buttons titles={buttons} />}
      {list && <ListCard list={list} />}
    </>
  );
}

const line = 'flex items-center justify-center gap-1.5 px-3 py-1.5 text-13 font-medium text-accent-text';

function Buttons({ titles }: { titles: readonly (string | null)[] }) {
  const t = useTexts().inbox.faces;
  return (
    <ul aria-label={t.buttons} className="-mx-3 mt-1.5 border-t border-line-strong">
      {titles.map((title, index) => (
        <li key={index} className={`${line} border-b border-line last:border-b-0`}>
          <CornerUpLeft size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          <bdi className="[overflow-wrap:anywhere]">{title}</bdi>
        </li>
      ))}
    </ul>
  );
}

function ListCard({ list }: { list: Fields }) {
  const t = useTexts().inbox.faces;
  return (
    <section aria-label={t.list} className="-mx-3 mt-1.5 border-t border-line-strong px-3 pt-1">
      <p className={line}>
        <List size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        <bdi className="[overflow-wrap:anywhere]">{textOf(list, 'button')}</bdi>
      </p>
      {listOf(list, 'sections').map((section, index) => (
        <div key={index} className="pb-1">
          {textOf(section, 'title') !== null && (
            <p className="pt-1 text-12 font-medium text-ink-2 [overflow-wrap:anywhere]" dir="auto">
              {textOf(section, 'title')}
            </p>
          )}
          <ul>
            {listOf(section, 'rows').map((row, at) => (
              <li key={at} className="py-0.5 [overflow-wrap:anywhere]" dir="auto">
                {textOf(row, 'title')}
                {textOf(row, 'description') !== null && <span className="block text-12 text-ink-2">{textOf(row, 'description')}</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

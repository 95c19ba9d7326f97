import type { ReactNode } from 'react';
import { Contact } from 'lucide-react';
import type { Message } from '@/api/types';
import { phone } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { Block } from './block';
import { asFields, listOf, textOf, type Fields } from './fields';

function nameOf(card: Fields): string | null {
  const name = asFields(card['name']);
  const parts = [textOf(name, 'first_name'), textOf(name, 'last_name')].filter((part) => part !== null);
  return textOf(name, 'formatted_name') ?? (parts.length > 0 ? parts.join(' ') : null);
}

/** What a `tel:` link takes: digits, with the plus of an international number. */
function dialable(written: string): string | null {
  const digits = written.replace(/[^\d+]/g, '');
  return /^\+?\d{3,15}$/.test(digits) ? digits : null;
}

function Line({ children }: { children: ReactNode }) {
  return <div className="text-13 [overflow-wrap:anywhere]">{children}</div>;
}

export function ContactsFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const cards = listOf({ contacts: message.contacts }, 'contacts');
  if (cards.length === 0) return <Block icon={Contact} title={message.text ?? t.kinds.contacts} note={t.faces.noContact} />;
  return (
    <div className="flex flex-col gap-2">
      {cards.map((card, index) => {
        const phones = listOf(card, 'phones').map((entry) => textOf(entry, 'phone') ?? textOf(entry, 'wa_id'));
        const mails = listOf(card, 'emails').map((entry) => textOf(entry, 'email'));
        return (
          <Block key={index} icon={Contact} title={nameOf(card) ?? t.faces.unnamed} note={textOf(asFields(card['org']), 'company')}>
            {phones.map((written, at) => {
              if (written === null) return null;
              const dial = dialable(written);
              const shown = <bdi>{phone(written)}</bdi>;
              return (
                <Line key={`p${at}`}>
                  {dial === null ? (
                    shown
                  ) : (
                    <a href={`tel:${dial}`} className="text-accent-text underline underline-offset-2">
                      {shown}
                    </a>
                  )}
                </Line>
              );
            })}
            {mails.map((mail, at) => mail !== null && <Line key={`m${at}`}>{mail}</Line>)}
          </Block>
        );
      })}
    </div>
  );
}

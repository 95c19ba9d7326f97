import { ShoppingBag } from 'lucide-react';
import type { Message } from '@/api/types';
import { money } from '@/lib/format';
import { useTexts } from '@/lib/i18n';
import { Block } from './block';
import { asFields, listOf, moneyOf, numberOf, textOf } from './fields';
import { TextFace } from './text';

/** A basket from the catalogue: what, how many, at which price. */
export function OrderFace({ message }: { message: Message }) {
  const t = useTexts().inbox;
  const order = asFields(message.order);
  const items = listOf(order, 'items');
  const total = moneyOf(order, 'total');
  const catalogue = textOf(order, 'catalog_id');
  return (
    <>
      <Block
        icon={ShoppingBag}
        title={`${t.kinds.order} · ${t.faces.items(items.length)}`}
        note={catalogue === null ? null : t.faces.catalogue(catalogue)}
      >
        <ul className="mt-1.5 min-w-52 border-t border-line text-13">
          {items.map((item, index) => {
            const price = moneyOf(item, 'price');
            return (
              <li key={index} className="flex justify-between gap-4 py-1">
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <span className="tabular-nums text-ink-2">{t.faces.quantity(numberOf(item, 'quantity') ?? 1)}</span>{' '}
                  <bdi>{textOf(item, 'product_id') ?? t.faces.unnamed}</bdi>
                </span>
                {price !== null && <bdi className="shrink-0 tabular-nums">{money(price)}</bdi>}
              </li>
            );
          })}
        </ul>
        {total !== null && (
          <div className="flex justify-between gap-4 border-t border-line pt-1 text-13 font-semibold">
            <span>{t.faces.total}</span>
            <bdi className="tabular-nums">{money(total)}</bdi>
          </div>
        )}
      </Block>
      <TextFace text={message.text} />
    </>
  );
}

import { expect, test } from 'vitest';
import type { Template } from '@/api/types';
import { definitionOf, fileParameter, filledIn, found, isComplete, knownValues, parametersOf, wordsOf } from './definition';

export function template(more: Partial<Template> = {}): Template {
  return {
    id: 't1',
    name: 'order_ready',
    language: 'tr',
    category: 'utility',
    status: 'approved',
    sendable: true,
    version: 1,
    components: [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Merhaba {{1}}, *{{ order_no }}* hazır.' },
      { type: 'FOOTER', text: 'Depo' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Takip', url: 'https://x.test/{{1}}' }, { type: 'HOLOGRAM', text: 'x' }] },
    ],
    parameters: [
      { key: 'header.1', kind: 'image' },
      { key: 'body.1', kind: 'text', example: 'Ayşe' },
      { key: 'body.order_no', kind: 'text' },
      { key: 'button.0.1', kind: 'url' },
    ],
    ...more,
  };
}

test('the definition is read as Meta writes it', () => {
  expect(definitionOf(template())).toEqual({
    header: { format: 'image' },
    body: 'Merhaba {{1}}, *{{ order_no }}* hazır.',
    footer: 'Depo',
    buttons: [
      { kind: 'url', text: 'Takip' },
      { kind: 'other', text: 'x' },
    ],
  });
});

test('a definition of nonsense is an empty one, never a fault', () => {
  for (const components of [null, 'x', 7, {}, [null, 3, { type: 5 }, { type: 'BODY', text: {} }, { type: 'BUTTONS', buttons: 'x' }, { type: 'HEADER', format: 'CAROUSEL' }]]) {
    expect(definitionOf({ components: components as Template['components'] })).toEqual({ header: null, body: '', footer: null, buttons: [] });
  }
});

test('places are filled by number and by name; an empty one is still seen', () => {
  const body = 'Merhaba {{1}}, *{{ order_no }}* hazır.';
  expect(filledIn(body, 'body', { 'body.1': 'Ayşe', 'body.order_no': ' 42 ' })).toBe('Merhaba Ayşe, *42* hazır.');
  expect(filledIn(body, 'body', { 'header.1': 'no', 'body.1': '  ' })).toBe(body);
  expect(filledIn('{{1}}', 'body', { 'body.1': '$& {{1}}' })).toBe('$& {{1}}');
  expect(wordsOf({ components: [{ type: 'HEADER', format: 'TEXT', text: 'Hi {{1}}' }, { type: 'BODY', text: 'b' }] }, { 'header.1': 'A' })).toBe('*Hi A*\nb');
});

test('it is complete when nothing is missing, the file too', () => {
  const values = { 'body.1': 'a', 'body.order_no': 'b', 'button.0.1': 'c' };
  expect(isComplete(template(), values, true)).toBe(true);
  expect(isComplete(template(), values, false)).toBe(false);
  expect(isComplete(template(), { ...values, 'body.1': ' ' }, true)).toBe(false);
  expect(parametersOf(template(), values)).toEqual(values);
  expect(fileParameter(template())?.key).toBe('header.1');
});

test('a place that is called after a name is filled with the customer’s', () => {
  const parameters: Template['parameters'] = [
    { key: 'body.customer_name', kind: 'text' },
    { key: 'body.first_name', kind: 'text' },
    { key: 'body.product_name', kind: 'text' },
    { key: 'body.1', kind: 'text' },
  ];
  expect(knownValues({ parameters }, 'Ayşe Yılmaz')).toEqual({ 'body.customer_name': 'Ayşe Yılmaz', 'body.first_name': 'Ayşe' });
  expect(knownValues({ parameters }, '')).toEqual({});
});

test('only approved ones are found, by their words, language and kind', () => {
  const all = [
    template({ id: 'a', name: 'welcome', components: [{ type: 'BODY', text: 'Your order is here' }] }),
    template({ id: 'b' }),
    template({ id: 'c', status: 'rejected', sendable: false }),
    template({ id: 'd', language: 'de', category: 'marketing' }),
  ];
  const ids = (wanted: object) => found(all, { query: '', language: '', category: '', ...wanted }).map(({ id }) => id);
  expect(ids({})).toEqual(['a', 'b', 'd']);
  expect(ids({ query: 'order' })).toEqual(['b', 'd', 'a']);
  expect(ids({ query: 'ready order' })).toEqual(['b', 'd']);
  expect(ids({ language: 'de' })).toEqual(['d']);
  expect(ids({ category: 'utility' })).toEqual(['a', 'b']);
});

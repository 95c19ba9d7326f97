import { expect, test } from 'vitest';
import type { FormOf } from '@/store/forms';
import { checked, MOST, measureText } from './content';

const x = (length: number) => 'x'.repeat(length);
const titles = (count: number) => Array.from({ length: count }, (_, index) => `Title ${index}`);
const buttons = (...all: string[]): FormOf<'buttons'> => ({ kind: 'buttons', titles: all });
const contact = (more: Partial<FormOf<'contact'>>): FormOf<'contact'> => ({ kind: 'contact', name: 'Ayşe', phone: '+90 532', email: '', organization: '', ...more });
const rows = (count: number, more: object = {}) => titles(count).map((title) => ({ title, description: '', ...more }));
const list = (more: Partial<FormOf<'list'>>): FormOf<'list'> => ({ kind: 'list', button: 'Choose', sections: [{ title: '', rows: rows(1) }], ...more });

test('a location needs both coordinates, and may have a name', () => {
  const place: FormOf<'location'> = { kind: 'location', latitude: '41,01', longitude: ' 28.97 ', name: ' ', address: ' Beyoğlu ' };
  expect(checked(place, '', 'whatsapp')).toEqual({ content: { location: { latitude: 41.01, longitude: 28.97, address: 'Beyoğlu' } } });
  expect(checked({ ...place, longitude: '' }, '', 'whatsapp')).toEqual({ fault: 'coordinates' });
  expect(checked({ ...place, latitude: '91' }, '', 'whatsapp')).toEqual({ fault: 'coordinates' });
  expect(checked({ ...place, latitude: '', longitude: '40, 29' }, '', 'whatsapp')).toMatchObject({ content: { location: { latitude: 40, longitude: 29 } } });
});

test('a contact needs a name, and a number or an address', () => {
  expect(checked(contact({ email: 'a@example.test', organization: 'Depo' }), '', 'whatsapp')).toEqual({
    content: { contacts: [{ name: 'Ayşe', phones: ['+90 532'], emails: ['a@example.test'], organization: 'Depo' }] },
  });
  expect(checked(contact({ phone: '', email: 'a@example.test' }), '', 'whatsapp')).toEqual({ content: { contacts: [{ name: 'Ayşe', emails: ['a@example.test'] }] } });
  expect(checked(contact({ phone: ' ' }), '', 'whatsapp')).toEqual({ fault: 'reach' });
  expect(checked(contact({ name: ' ' }), '', 'whatsapp')).toEqual({ fault: 'contactName' });
  expect(checked(contact({ name: x(100) }), '', 'whatsapp')).toHaveProperty('content');
  expect(checked(contact({ name: x(101) }), '', 'whatsapp')).toEqual({ fault: 'tooLong' });
});

test('WhatsApp takes 3 buttons, the others 13 quick replies', () => {
  expect(checked(buttons(...titles(3)), 'Hi', 'whatsapp')).toHaveProperty('content');
  expect(checked(buttons(...titles(4)), 'Hi', 'whatsapp')).toEqual({ fault: 'tooMany' });
  for (const channel of ['messenger', 'instagram']) {
    expect(checked(buttons(...titles(13)), 'Hi', channel)).toHaveProperty('content');
    expect(checked(buttons(...titles(14)), 'Hi', channel)).toEqual({ fault: 'tooMany' });
  }
});

test('titles of buttons are distinct and of 1 to 20 characters; empty fields are left out', () => {
  expect(checked(buttons(' Yes ', '', ' '), 'Hi', 'whatsapp')).toEqual({ content: { buttons: [{ title: 'Yes' }] } });
  expect(checked(buttons(x(20)), 'Hi', 'whatsapp')).toHaveProperty('content');
  expect(checked(buttons(x(21)), 'Hi', 'whatsapp')).toEqual({ fault: 'tooLong' });
  expect(checked(buttons('😀'.repeat(20)), 'Hi', 'whatsapp')).toHaveProperty('content');
  expect(checked(buttons('Yes', 'Yes '), 'Hi', 'whatsapp')).toEqual({ fault: 'same' });
  expect(checked(buttons(''), 'Hi', 'whatsapp')).toEqual({ fault: 'noButton' });
});

test('buttons and lists have a text above them', () => {
  expect(checked(buttons('Yes'), ' ', 'whatsapp')).toEqual({ fault: 'text' });
  expect(checked(list({}), '', 'whatsapp')).toEqual({ fault: 'text' });
  expect(checked(buttons('Yes'), x(1_024), 'whatsapp')).toHaveProperty('content');
  expect(checked(buttons('Yes'), x(1_025), 'whatsapp')).toEqual({ fault: 'tooLong' });
  expect(checked(list({}), x(4_096), 'whatsapp')).toHaveProperty('content');
  expect(checked(list({}), x(4_097), 'whatsapp')).toEqual({ fault: 'tooLong' });
  expect(measureText('ş', 'buttons', 'instagram')).toEqual({ used: 2, limit: 1_000 });
});

test('a list has at most 10 rows in all of its sections', () => {
  const two = (a: number, b: number) => list({ sections: [{ title: 'A', rows: rows(a) }, { title: 'B', rows: rows(b) }] });
  expect(checked(two(4, 6), 'Hi', 'whatsapp')).toHaveProperty('content');
  expect(checked(two(5, 6), 'Hi', 'whatsapp')).toEqual({ fault: 'tooMany' });
  expect(checked(two(0, 1), 'Hi', 'whatsapp')).toEqual({ fault: 'noRow' });
});

test('each title of a list is taken at its limit, and not beyond', () => {
  const lengths: [number, (length: number) => FormOf<'list'>][] = [
    [MOST.listButton, (n) => list({ button: x(n) })],
    [MOST.sectionTitle, (n) => list({ sections: [{ title: x(n), rows: rows(1) }] })],
    [MOST.rowTitle, (n) => list({ sections: [{ title: '', rows: rows(1, { title: x(n) }) }] })],
    [MOST.rowDescription, (n) => list({ sections: [{ title: '', rows: rows(1, { description: x(n) }) }] })],
  ];
  expect(lengths.map(([most]) => most)).toEqual([20, 24, 24, 72]);
  for (const [most, form] of lengths) {
    expect(checked(form(most), 'Hi', 'whatsapp')).toHaveProperty('content');
    expect(checked(form(most + 1), 'Hi', 'whatsapp')).toEqual({ fault: 'tooLong' });
  }
});

test('of a list only what is written goes out, and what is missing is said', () => {
  const sections = [
    { title: ' Oak ', rows: [{ title: ' Round ', description: ' For six ' }, { title: '', description: '' }] },
    { title: '', rows: [{ title: ' ', description: '' }] },
  ];
  expect(checked(list({ sections }), 'Hi', 'whatsapp')).toEqual({
    content: { list: { button: 'Choose', sections: [{ title: 'Oak', rows: [{ title: 'Round', description: 'For six' }] }] } },
  });
  expect(checked(list({ button: ' ' }), 'Hi', 'whatsapp')).toEqual({ fault: 'listButton' });
  expect(checked(list({ sections: [{ title: '', rows: rows(1, { title: '', description: 'x' }) }] }), 'Hi', 'whatsapp')).toEqual({ fault: 'rowTitle' });
  expect(checked(list({ sections: [{ title: 'A', rows: rows(1) }, { title: '', rows: rows(1) }] }), 'Hi', 'whatsapp')).toEqual({ fault: 'sectionTitle' });
});

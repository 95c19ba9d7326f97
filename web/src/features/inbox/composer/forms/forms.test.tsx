// The forms in the composer, with their stores. The line to the server is a fake.
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forget } from '@/api/renewal';
import { undoSendPreference } from '@/lib/composing';
import * as rooms from '@/live/rooms';
import { readDraft, writeDraft } from '@/store/drafts';
import { clearAll, conversations } from '@/store/entities';
import { type Asked, at, conversation, customer, joinedRooms, ME, message, serve, settle, USER } from '@/store/fakes';
import { hasForms, openForm, readForm, writeForm } from '@/store/forms';
import { startOutbox, stopOutbox, unsent } from '@/store/outbox';
import { endSession, loadSession } from '@/store/session';
import { useUnsent } from '@/store/unsent';
import { Face } from '../../faces';
import { Composer } from '../index';
import { edit } from '../send';

let root: Root;
let host: HTMLElement;
let requests: Asked[];
let refused = false;

const Waiting = () => useUnsent('one').map((one) => <Face key={one.id} message={one} />);

async function later(ms = 0): Promise<void> {
  await act(async () => {
    await vi.dynamicImportSettled();
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
  });
}

async function show(): Promise<void> {
  const one = conversation('one');
  conversations.put([one]);
  await act(async () =>
    root.render(
      <>
        <section data-waiting>
          <Waiting />
        </section>
        <Composer conversation={one} seen={() => 'seen'} />
      </>,
    ),
  );
  await later(50);
}

const posts = () => requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages')).map(({ body }) => body as Record<string, unknown>);
const button = (name: string) => [...host.querySelectorAll('button')].find((one) => one.textContent?.includes(name) || one.getAttribute('aria-label') === name);
const field = (label: string) => {
  const found = [...host.querySelectorAll('label')].find((one) => one.textContent === label);
  return host.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[id="${found?.htmlFor}"]`);
};

async function fill(label: string, value: string): Promise<void> {
  await act(async () => {
    const element = field(label);
    if (!element) throw new Error(`no field ${label}`);
    const owner = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(owner.prototype, 'value')?.set?.call(element, value);
    element.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function open(kind: Parameters<typeof openForm>[1]): Promise<void> {
  await act(async () => openForm('one', kind));
  await later(50);
}

async function send(): Promise<void> {
  await act(async () => host.querySelector<HTMLButtonElement>('form button[type="submit"]')?.click());
  await later();
}

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse(at(100)) });
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  localStorage.clear();
  clearAll();
  undoSendPreference.write('off');
  rooms.hold('inbox');
  joinedRooms('inbox');
  refused = false;
  requests = serve(({ path, method, body }) => {
    if (path.endsWith('/auth/me')) return { body: { ...USER, permissions: [...USER.permissions, 'customers.read:all'] } };
    if (path.startsWith('/api/v1/customers')) return { body: { items: [customer('k1', { name: 'Mehmet Öz', phone: '+905551112233', email: 'm@example.test' })], next_cursor: null } };
    if (method === 'GET') return { body: { items: [], next_cursor: null } };
    if (!path.endsWith('/messages')) return { status: 204 };
    if (refused) return { status: 422, body: { type: 'about:blank', title: 'x', status: 422, detail: 'd', code: 'invalid', request_id: 'r' } };
    return { status: 201, body: message('m-server', 'one', 100, { direction: 'out', client_id: (body as { client_id: string }).client_id }) };
  });
  await loadSession();
  startOutbox(ME);
  host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
  stopOutbox();
  endSession();
  forget();
  rooms.reset();
  vi.useRealTimers();
});

test('a pasted pair fills both coordinates, and the place goes without a text', async () => {
  await show();
  await open('location');
  expect(button('Send')?.disabled).toBe(true);
  const paste = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(paste, { clipboardData: { getData: () => 'https://maps.google.com/?q=41.01,28.97' } });
  await act(async () => void field('Latitude')?.dispatchEvent(paste));
  expect([field('Latitude')?.value, field('Longitude')?.value]).toEqual(['41.01', '28.97']);
  await fill('Name of the place (optional)', 'Galata');
  await act(async () => writeDraft('one', 'reply', { text: 'begun before' }));
  await send();
  expect(posts()).toMatchObject([{ location: { latitude: 41.01, longitude: 28.97, name: 'Galata' }, seen_message_id: 'seen' }]);
  expect(posts()[0]).not.toHaveProperty('text');
  expect(host.querySelector('form')).toBeNull();
  expect(readDraft('one', 'reply').text, 'a text that was begun has nothing to do with it').toBe('begun before');
});

test('a link without a place says so', async () => {
  await show();
  await open('location');
  await fill('Latitude', 'https://maps.app.goo.gl/abc');
  expect(host.textContent).toContain('No place is in this link');
  expect(button('Send')?.disabled).toBe(true);
});

test('a contact is taken from a customer', async () => {
  await show();
  await open('contact');
  await fill('Take from a customer', 'Meh');
  await later(300);
  expect(requests.some(({ path }) => path.startsWith('/api/v1/customers'))).toBe(true);
  await act(async () => button('Mehmet Öz')?.click());
  await send();
  expect(posts()).toMatchObject([{ contacts: [{ name: 'Mehmet Öz', phones: ['+905551112233'], emails: ['m@example.test'] }] }]);
});

test('buttons go under the draft, are counted, and seen before', async () => {
  await act(async () => writeDraft('one', 'reply', { text: 'Uygun mu?' }));
  await show();
  await open('buttons');
  await fill('Button 1', 'x'.repeat(21));
  expect(host.textContent).toContain('21 of 20');
  expect(button('Send')?.disabled).toBe(true);
  await fill('Button 1', 'Evet');
  await act(async () => button('Add a button')?.click());
  await fill('Button 2', 'Hayır');
  const preview = host.querySelector('[aria-label="As the customer will see it"]');
  expect(preview?.textContent).toBe('Uygun mu?EvetHayır');
  await act(async () => button('Add a button')?.click());
  expect(button('Add a button')?.disabled).toBe(true);
  await send();
  expect(posts()).toMatchObject([{ text: 'Uygun mu?', buttons: [{ title: 'Evet' }, { title: 'Hayır' }] }]);
  expect(readDraft('one', 'reply').text).toBe('');
});

test('each is there at once, as the server will give it out, and survives the tab', async () => {
  await show();
  // Nothing is sent to a server while it is on hold.
  undoSendPreference.write('on');
  const texts: string[] = [];
  const waits = async () => {
    await send();
    texts.push(host.querySelector('[data-waiting]')?.textContent ?? '');
  };
  await act(async () => writeForm('one', { kind: 'location', latitude: '41', longitude: '29', name: 'Galata', address: '' }));
  await later(50);
  await waits();
  expect(texts[0]).toContain('Galata41.00000, 29.00000'.replace('Galata', 'GalataCoordinates '));
  await act(async () => writeForm('one', { kind: 'contact', name: 'Ayşe', phone: '', email: 'a@example.test', organization: 'Depo' }));
  await waits();
  expect(texts[1]).toContain('AyşeDepoa@example.test');
  await act(async () => writeDraft('one', 'reply', { text: 'Hangisi?' }));
  await act(async () => writeForm('one', { kind: 'list', button: 'Masalar', sections: [{ title: 'Meşe', rows: [{ title: 'Yuvarlak', description: 'Altı' }] }] }));
  await waits();
  expect(texts[2]).toContain('Hangisi?MasalarMeşeYuvarlakAltı');
  expect(posts()).toEqual([]);
  const kept = unsent().map(({ content }) => content);
  await act(async () => stopOutbox());
  await act(async () => startOutbox(ME));
  expect(unsent().map(({ content }) => content)).toEqual(kept);
  expect(kept).toHaveLength(3);
});

test('what was refused comes back with all of its fields', async () => {
  await show();
  const form = { kind: 'list', button: 'Masalar', sections: [{ title: '', rows: [{ title: 'Yuvarlak', description: '' }] }] } as const;
  await act(async () => writeDraft('one', 'reply', { text: 'Hangisi?' }));
  await act(async () => writeForm('one', form));
  await later(50);
  refused = true;
  await send();
  const [entry] = unsent();
  expect(entry?.refusal?.code).toBe('invalid');
  expect(readForm('one')).toBeNull();
  await act(async () => void (entry && edit(entry)));
  expect(readForm('one')).toEqual(form);
  expect(readDraft('one', 'reply').text).toBe('Hangisi?');
});

test('a form waits in its conversation, is not of a note, and ends with the session', async () => {
  await show();
  await open('buttons');
  await fill('Button 1', 'Evet');
  await act(async () => host.querySelectorAll<HTMLInputElement>('input[type="radio"]')[1]?.click());
  await later(50);
  expect(host.querySelector('form')).toBeNull();
  await act(async () => host.querySelectorAll<HTMLInputElement>('input[type="radio"]')[0]?.click());
  await later(50);
  expect(field('Button 1')?.value).toBe('Evet');
  expect(hasForms()).toBe(true);
  await act(async () => clearAll());
  expect(hasForms()).toBe(false);
});

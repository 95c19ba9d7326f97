import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import type { Message } from '@/api/types';
import { clearAll, conversations, messages } from '@/store/entities';
import { attachment, conversation, kinds, message } from './examples';
import { cutAt } from './faces/text';
import { Face } from './faces';
import { MessageRow } from './message';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

function draw(node: ReactNode): { host: HTMLElement; leave(): void } {
  const host = document.createElement('div');
  const root = createRoot(host);
  act(() => root.render(node));
  return { host, leave: () => act(() => root.unmount()) };
}

test.each(kinds)('%s has a face', (_, example, seen) => {
  const { host, leave } = draw(<Face message={example} />);
  for (const words of seen) expect(host.textContent).toContain(words);
  for (const link of host.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^(https:|tel:|\/)/);
  expect(host.textContent).not.toContain('hidden-token');
  expect(host.querySelector('img, video, audio, iframe')).toBeNull();
  leave();
});

test('a word of the platform for a file falls back to what the message is', () => {
  const file = draw(<Face message={message({ kind: 'document', attachments: [attachment({ kind: 'file' })] })} />);
  expect(file.host.textContent).toContain('Document');
  file.leave();
  const share = draw(<Face message={message({ kind: 'share', attachments: [attachment({ kind: 'ig_reel' })] })} />);
  expect(share.host.textContent).toContain('Shared post');
  share.leave();
});

test('a file is shown only from this server', () => {
  const image = (url: string) =>
    message({ kind: 'image', attachments: [{ id: 'a', kind: 'image', state: 'ready', url }] });
  const own = draw(<Face message={image('/files/1')} />);
  expect(own.host.querySelector('img')?.getAttribute('src')).toBe('/files/1');
  own.leave();
  for (const url of ['https://scontent.example.test/a.jpg', '//evil.example/a.jpg', 'javascript:alert(1)']) {
    const foreign = draw(<Face message={image(url)} />);
    expect(foreign.host.querySelector('img')).toBeNull();
    foreign.leave();
  }
});

test('a long text is cut and can be shown in full', () => {
  const text = 'word '.repeat(600).trim();
  const { host, leave } = draw(<Face message={message({ text })} />);
  expect(host.textContent?.length).toBeLessThan(1300);
  act(() => host.querySelector('button')?.click());
  expect(host.textContent).toContain(text);
  leave();
});

test('the cut is never inside of an emoji', () => {
  const text = `${'a'.repeat(1199)}😀${'b'.repeat(100)}`;
  expect(cutAt(text)).toBe(1199);
  expect(cutAt('short')).toBe(5);
  expect(cutAt('x\n'.repeat(100))).toBe(47);
});

test('a row shows its quote, reactions, edit and failure', () => {
  messages.put([
    message({ id: 'q1', text: 'Quoted words' }),
    message({
      id: 'r1',
      direction: 'out',
      text: 'Answer',
      status: 'failed',
      error: { code: 131_047, title: 'Re-engagement message', detail: null },
      reply_to: { message_id: 'q1', external_id: 'x' },
      reactions: [{ emoji: '👍', by: 'customer' }],
      edited_at: '2026-11-17T10:02:00Z',
    }),
  ]);
  let jumped = '';
  const { host, leave } = draw(
    <MessageRow
      place={{ id: 'r1', key: 'r1', day: '2026-11-17T10:00:00Z', unread: true, first: true, last: true }}
      begins
      highlighted={false}
      onJump={(id) => (jumped = id)}
    />,
  );
  for (const words of ['Quoted words', 'Answer', '👍', 'edited', 'The customer last wrote more than 24 hours ago', '131047', 'New messages']) {
    expect(host.textContent).toContain(words);
  }
  act(() => host.querySelector('button')?.click());
  expect(jumped).toBe('q1');
  leave();
});

test('a template tells its category, and its cost as far as that is known', () => {
  clearAll();
  let version = 1;
  const until = (window_expires_at: string) => conversations.put([conversation({ window_expires_at, version: (version += 1) })]);
  const lead = (category: string, more: Partial<Message> = {}) => {
    const template = { id: 't', name: 'n', language: 'en', category, components: [] };
    const { host, leave } = draw(<Face message={message({ direction: 'out', kind: 'template', text: 'Ready', status: 'sent', template, ...more })} />);
    const said = host.textContent?.replace('Ready', '');
    leave();
    return said;
  };
  // Sent at ten: in the window.
  until('2026-11-18T09:00:00Z');
  expect(lead('utility')).toBe('Template · Utility · free of charge');
  expect(lead('marketing')).toBe('Template · Marketing · charged on delivery');
  expect(lead('utility', { status: 'failed' })).toBe('Template · Utility');
  expect(lead('of tomorrow')).toBe('Template · of tomorrow');
  expect(lead('utility', { template: null })).toBe('Template');
  until('2026-11-17T09:00:00Z');
  expect(lead('utility')).toBe('Template · Utility · charged on delivery');
  // The customer wrote since; whether before too is known from the thread alone.
  until('2026-11-20T09:00:00Z');
  expect(lead('utility')).toBe('Template · Utility');
  messages.put([message({ id: 'before', sent_at: '2026-11-17T09:59:00Z' })]);
  expect(lead('utility')).toBe('Template · Utility · free of charge');
  clearAll();
});

/** For tests only: records, answers of a server, and a socket. */
import type { Card, Conversation, Customer, LiveEvent, Message, ServerFrame, Welcome } from '@/api/types';
import * as rooms from '@/live/rooms';

export const ME = '00000000-0000-7000-8000-0000000000aa';
export const USER = {
  id: ME,
  email: 'ada@example.com',
  name: 'Ada',
  role: 'administrator',
  permissions: ['kanban.write:all', 'inbox.reply:own'],
  disabled: false,
  version: 1,
  created_at: '2026-01-01T00:00:00Z',
};

/** The n-th second of a day. */
export function at(n: number): string {
  return new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
}

export function customer(id: string, more: Partial<Customer> = {}): Customer {
  return { id, name: `Name ${id}`, identities: [], marketing_opt_out: false, created_at: at(0), version: 1, ...more };
}

export function conversation(id: string, n = 0, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    status: 'open',
    channel: { id: 'ch', kind: 'whatsapp', account_id: '1', name: 'Shop' },
    customer: { id: 'k', name: 'Name k' },
    labels: [],
    unread_count: 0,
    sending: { mode: 'free', until: null },
    last_activity_at: at(n),
    created_at: at(0),
    version: 1,
    ...more,
  };
}

export function message(id: string, conversation_id: string, n = 0, more: Partial<Message> = {}): Message {
  return {
    id,
    conversation_id,
    direction: 'in',
    kind: 'text',
    text: id,
    attachments: [],
    reactions: [],
    mentions: [],
    sent_at: at(n),
    created_at: at(n),
    version: 1,
    ...more,
  };
}

export function card(id: string, column_id: string, rank: string, more: Partial<Card> = {}): Card {
  return {
    id,
    board_id: 'b',
    column_id,
    rank,
    customer: { id: 'k', name: 'Name k' },
    title: id,
    source: 'organic',
    created_at: at(0),
    version: 1,
    ...more,
  };
}

/** An event with the data of its name. */
export function event<N extends LiveEvent['name']>(
  name: N,
  seq: number,
  data: Extract<LiveEvent, { name: N }>['data'],
  more: { prev?: number; rooms?: string[] } = {},
): Extract<LiveEvent, { name: N }> {
  const frame = { type: 'event', seq, prev: seq - 1, at: at(seq), name, rooms: ['inbox'], data, ...more };
  return frame as unknown as Extract<LiveEvent, { name: N }>;
}

export function welcome(more: Partial<Welcome> = {}): Welcome {
  return {
    type: 'welcome',
    tenant_id: 't',
    user_id: ME,
    connection_id: 'c',
    epoch: 7,
    build: 'dev',
    seq: 10,
    resumed: false,
    rooms: ['inbox', `user:${ME}`],
    denied: [],
    presence: {},
    heartbeat_s: 25,
    ...more,
  };
}

/** The line stands, and the server lets this tab into these rooms. */
export function joinedRooms(...names: string[]): void {
  rooms.welcomed(welcome({ rooms: names }), false, () => undefined);
}

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

/** Puts a server in place of `fetch`; the answer is the requests, in order. */
export function serve(answer: (asked: Asked) => { status?: number; body?: unknown; seq?: number } | Promise<{ status?: number; body?: unknown; seq?: number }>): Asked[] {
  const requests: Asked[] = [];
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const url = new URL(request.url);
    const bytes = request.headers.get('content-type') === 'application/offset+octet-stream';
    const text = request.method === 'GET' || bytes ? '' : await request.text();
    const asked: Asked = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: bytes ? new Uint8Array(await request.arrayBuffer()) : text ? JSON.parse(text) : undefined,
    };
    requests.push(asked);
    const { status = 200, body, seq } = await answer(asked);
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (seq !== undefined) headers['Switchboard-Seq'] = String(seq);
    const empty = status === 204;
    if (empty) headers['content-length'] = '0';
    return new Response(empty ? null : JSON.stringify(body), { status, headers });
  };
  return requests;
}

export class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (!last) throw new Error('no socket');
    return last;
  }
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  hear(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  die(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** Lets promises that are settled be seen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
}

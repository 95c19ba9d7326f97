/**
 * The one way to the REST API: same origin, signed in by cookie, every failure an `ApiError`.
 *
 * Writes carry a fresh `Idempotency-Key` unless they bring one, or are a part of a file. After a 401 the session is carried on once (`renewal.ts`) and
 * the request repeated as it was, with its key; only when that fails has the session ended. Who listens is told through
 * `onUnauthenticated`, so that this file knows nothing of the store.
 */
import createClient, { type Client } from 'openapi-fetch';
import { renew } from './renewal';
import type { paths } from './schema';
import type { Problem } from './types';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | null;
  readonly detail: string;

  constructor(status: number, code: string, detail: string, problem: Problem | null = null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.problem = problem;
  }
}

let unauthenticated: () => void = () => undefined;
export function onUnauthenticated(listener: () => void): void {
  unauthenticated = listener;
}

/** A 401 to these speaks of what was typed, or of a session that is to end anyway. */
const OF_NO_SESSION = /\/auth\/(login|setup|logout)$/;

let writes = 0;
/** Whether the server has yet to answer something that somebody changed. */
export function isWriting(): boolean {
  return writes > 0;
}

export const api: Client<paths> = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  fetch: async (request) => {
    const writing = isRead(request) ? 0 : 1;
    writes += writing;
    try {
      return await send(request);
    } finally {
      writes -= writing;
    }
  },
});

api.use({
  onRequest({ request }) {
    if (!isRead(request) && !isPart(request) && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', uuid());
    return request;
  },
});

/** Of a file: known by its place in it, so that a repeat needs no name. */
function isPart({ headers }: Request): boolean {
  return headers.has('Upload-Offset');
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function send(request: Request): Promise<Response> {
  const since = Date.now();
  // A body can be read only once.
  const again = request.clone();
  // Looked up at each call, so that tests can put another in its place.
  const response = await globalThis.fetch(request);
  if (response.status !== 401 || OF_NO_SESSION.test(new URL(request.url).pathname)) return response;
  const renewal = await renew(since);
  // As if this request had not come through: it may be tried again.
  if (renewal === 'unreachable') throw new TypeError('The session could not be carried on.');
  const last = renewal === 'renewed' ? await globalThis.fetch(again) : response;
  if (last.status === 401) unauthenticated();
  return last;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a call, or an `ApiError`. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await takeShown(call)).data;
}

/** Also the place in the log that the answer shows; 0 when it does not say. */
export async function takeShown<T>(call: Promise<Answer<T>>): Promise<{ data: T; seq: number }> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    throw new ApiError(0, 'offline', error instanceof Error ? error.message : String(error));
  }
  const { response } = answer;
  if (response.ok) return { data: answer.data as T, seq: Number(response.headers.get('Switchboard-Seq') ?? 0) };
  const problem = asProblem(answer.error);
  const { status } = response;
  if (problem) throw new ApiError(status, problem.code, problem.detail, problem);
  throw new ApiError(status, status >= 500 ? 'unavailable' : 'bad_request', response.statusText || `HTTP ${status}`);
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'fault', error instanceof Error ? error.message : String(error));
}

function asProblem(error: unknown): Problem | null {
  const isProblem = typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
  return isProblem ? (error as Problem) : null;
}

/** A random id; `crypto.randomUUID` exists only on secure origins, and a test deployment may not be one. */
export function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

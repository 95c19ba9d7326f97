/**
 * The one way to the REST API: same origin, signed in by cookie, every failure an `ApiError`.
 *
 * Writes carry a fresh `Idempotency-Key` unless they bring one. A 401 of a request that was signed in ends the session;
 * who listens is told through `onUnauthenticated`, so that this file knows nothing of the store.
 */
import createClient, { type Client } from 'openapi-fetch';
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

/** Answers to these with 401 speak of what was typed, not of the session. */
const SIGNING_IN = /\/auth\/(login|setup|refresh)$/;

export const api: Client<paths> = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  // Looked up at each call, so that tests can put another in its place.
  fetch: (request) => globalThis.fetch(request),
});

api.use({
  onRequest({ request }) {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && !request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', uuid());
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !SIGNING_IN.test(new URL(request.url).pathname)) unauthenticated();
    return undefined;
  },
});

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

// Requests to the service: the key in a header, JSON in and out, and every failure as one kind of error.
import { address, type Query } from "./address.js";
import { key, keyFault, keyFields } from "./key.js";

export class ServiceError extends Error {
  constructor(
    readonly path: string, // "/fleet/overview"
    readonly status: number, // 0: no answer
    readonly detail: string, // what the service said, "" without an answer
    readonly requestId: string | null,
    readonly retryAfter: number | null, // seconds
    readonly body: unknown = null,
  ) {
    super(`${path}: ${status} ${detail}`);
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  query?: Query;
  body?: unknown; // is sent as JSON
  accept?: string;
  signal?: AbortSignal;
}

// Returns an answer of success. Throws ServiceError for any other one and for none, and what `signal` was aborted with.
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = "GET", query, body, accept = "application/json", signal } = options;
  const used = key.get();
  const init: RequestInit = { method, headers: { Accept: accept, ...keyFields() } };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  let answer: Response;
  try {
    answer = await fetch(address(path, query), init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ServiceError(`/${path}`, 0, "", null, null);
  }
  if (answer.ok) return answer;
  const error = await errorOf(`/${path}`, answer);
  if (error.status === 401 && key.get() === used) keyFault.set(used === null ? "missing" : "refused");
  throw error;
}

export async function getJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const answer = await request(path, options);
  return (await answer.json()) as T;
}

async function errorOf(path: string, answer: Response): Promise<ServiceError> {
  const body: unknown = await answer.json().catch(() => null);
  const detail = body !== null && typeof body === "object" && "detail" in body ? body.detail : "";
  const retryAfter = Number(answer.headers.get("Retry-After") ?? NaN);
  return new ServiceError(path, answer.status, typeof detail === "string" ? detail : JSON.stringify(detail),
    answer.headers.get("X-Request-ID"), Number.isFinite(retryAfter) ? retryAfter : null, body);
}

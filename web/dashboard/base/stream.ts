// The live stream of one tab: it is opened again whenever it ends, later each time, from where it ended.
import { request, ServiceError } from "./api.js";
import { readEvents, type Reader, type StreamedEvent } from "./event_stream.js";

export type StreamState =
  | { is: "live" }
  | { is: "away"; since: number; nextTry: number | null } // ms since 1970; nextTry is null while it tries
  | { is: "refused" }; // the key does not do

export interface StreamUser {
  event(event: StreamedEvent): void;
  state(state: StreamState): void;
}

const kinds = "problem,outage,action,overview";
const firstWait = 1_000; // ms
const longestWait = 30_000;
const longestSilence = 60_000; // heartbeats come more often

// Returns when `signal` is aborted, or when the key does not do. `wake` ends a wait early.
export async function keepStreaming(lastId: string, user: StreamUser, signal: AbortSignal,
  wake: (now: () => void) => void): Promise<void> {
  let shortest = firstWait;
  let wait = shortest;
  let awaySince = Date.now();
  while (!signal.aborted) {
    let error: ServiceError | null = null;
    try {
      await streamOnce(lastId, signal, {
        state: user.state,
        event(event) {
          wait = shortest;
          user.event(event);
        },
        position: (id) => (lastId = id),
        retry: (milliseconds) => (wait = shortest = milliseconds),
      });
      awaySince = Date.now();
    } catch (caught) {
      if (signal.aborted) return;
      error = caught instanceof ServiceError ? caught : null;
      if (error?.status === 401 || error?.status === 403) return user.state({ is: "refused" });
      if (error === null) awaySince = Date.now(); // it had been live
    }
    const pause = Math.max(jittered(wait), (error?.retryAfter ?? 0) * 1_000);
    user.state({ is: "away", since: awaySince, nextTry: Date.now() + pause });
    await sleep(pause, signal, wake);
    user.state({ is: "away", since: awaySince, nextTry: null });
    wait = Math.min(longestWait, wait * 2);
  }
}

// So that all the pages that lost a service do not come back at once.
const jittered = (milliseconds: number): number => milliseconds * (0.75 + Math.random() / 2);

type Reading = StreamUser & Pick<Reader, "position" | "retry">;

async function streamOnce(lastId: string, signal: AbortSignal, user: Reading): Promise<void> {
  const silent = new AbortController();
  const stop = (): void => silent.abort();
  signal.addEventListener("abort", stop);
  let timer = setTimeout(stop, longestSilence);
  try {
    const query = { events: kinds, ...(lastId === "" ? {} : { after: lastId }) };
    const answer = await request("fleet/stream", { query, accept: "text/event-stream", signal: silent.signal });
    if (answer.body === null) return;
    user.state({ is: "live" });
    await readEvents(answer.body, lastId, {
      ...user,
      heard() {
        clearTimeout(timer);
        timer = setTimeout(stop, longestSilence);
      },
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    silent.abort();
  }
}

function sleep(milliseconds: number, signal: AbortSignal, wake: (now: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const early = (): void => {
      clearTimeout(timer);
      resolve();
    };
    wake(early);
    signal.addEventListener("abort", early, { once: true });
  });
}

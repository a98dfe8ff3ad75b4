// The tasks of a page's main thread, from a trace of Chromium. Two times count: what the task took of a processor, and how
// long it took; on a busy machine a task also waits for a processor, which is no work of the page.
const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "blink.user_timing"];
const end = ({ ts, dur }) => ts + dur;

export const startTrace = (browser, page) => browser.startTracing(page, { categories });

// What the page does from now on is named.
export const beginStep = (page, name) => page.evaluate((step) => void performance.mark(`step ${step}`), name);

// Returns the tasks { step, cpu, wall, work }, with times in ms; `work` is what took most of a task.
export async function stopTrace(browser) {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const steps = traceEvents.filter(({ name }) => name.startsWith("step ")).sort((a, b) => a.ts - b.ts);
  const [{ pid, tid }] = steps;
  const own = traceEvents.filter((event) => event.ph === "X" && event.pid === pid && event.tid === tid)
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const tasks = [];
  for (const event of own) {
    const task = tasks.at(-1);
    if (task !== undefined && end(event) <= end(task)) task.parts.push(event);
    else if (event.name === "RunTask") tasks.push({ ...event, parts: [] });
  }
  return tasks.filter((task) => end(task) >= steps[0].ts).map((task) => ({
    step: steps.findLast(({ ts }) => ts <= end(task)).name.slice("step ".length),
    cpu: (task.tdur ?? 0) / 1_000, wall: task.dur / 1_000, work: workOf(task),
  }));
}

// The time of each part without the parts in it, in ms of the processor, the longest three.
function workOf({ parts }) {
  const times = new Map();
  const open = [];
  for (const part of parts) {
    while (open.length > 0 && end(open.at(-1)) <= part.ts) open.pop();
    if (open.length > 0) add(times, open.at(-1), -(part.tdur ?? 0));
    add(times, part, part.tdur ?? 0);
    open.push(part);
  }
  return [...times].sort(([, a], [, b]) => b - a).slice(0, 3).filter(([, time]) => time >= 300)
    .map(([name, time]) => `${name} ${(time / 1_000).toFixed(1)}`).join(", ");
}

function add(times, part, time) {
  const name = nameOf(part);
  times.set(name, (times.get(name) ?? 0) + time);
}

function nameOf({ name, args }) {
  const { functionName, url } = args?.data ?? {};
  return name === "FunctionCall" && url ? `${functionName || "function"} of ${url.split("/").at(-1)}` : name;
}

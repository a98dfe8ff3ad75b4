// The rows of the table: read from the service in blocks as they come into sight, in one fixed order, and kept up to date
// in place.
import { getJson, ServiceError } from "../../base/api.js";
import type { Device, Summary } from "../../base/service.js";
import { now, timeOf } from "../../base/time.js";
import { matches, summaryQuery, type List } from "../filter.js";
import { outOfOrder } from "./order.js";
import type { Visible } from "./viewport.js";

export interface Row {
  device: Device;
  changed: Map<string, number>; // when a column last changed while it was looked at, ms since 1970
  isGone: boolean; // no longer among those that the filter asks for
}

export interface Rows {
  total(): number | null; // null until the first block is there
  orderedAt(): number; // ms since 1970
  row(index: number): Row | undefined;
  wouldMove(): number;
  failure(): ServiceError | null;
  read(list: List): void; // in a new order
  need(visible: Visible): void; // of the list that is read
  refresh(visible: Visible): Promise<void>;
  close(): void;
}

const blockSize = 100;
const blocksKept = 60;
const fields = ["device_id", "battery_level", "online", "rssi", "last_heard", "last_update", "stale", "was_due", "due",
  "group", "usual_seconds", "problems", "muted", "outage"];
const retryAfter = 2_000; // ms

export function rowsOfService(changed: () => void): Rows {
  let list: List | null = null;
  let total: number | null = null;
  let orderedAt = 0;
  let failure: ServiceError | null = null;
  let moved: number | null = null; // computed when it is asked for
  let blocks = new Map<number, Row[]>();
  let asked = new Map<number, AbortController>();
  let wanted: Visible = { first: 0, end: blockSize };

  function stop(): void {
    for (const request of asked.values()) request.abort();
    asked = new Map();
  }

  async function readBlock(block: number): Promise<void> {
    const stopper = new AbortController();
    asked.set(block, stopper);
    const { signal } = stopper;
    try {
      const query = { ...summaryQuery(list!), offset: block * blockSize, limit: blockSize, fields: fields.join(",") };
      const summary = await getJson<Summary>("status/summary", { query, signal });
      if (signal.aborted) return;
      failure = null;
      total ??= summary.total_devices;
      blocks.set(block, summary.devices.map((device) => ({ device, changed: new Map(), isGone: false })));
      moved = null;
      forgetFarBlocks(block);
    } catch (error) {
      if (signal.aborted) return;
      failure = error instanceof ServiceError ? error : null;
      setTimeout(() => !signal.aborted && needed(), retryAfter);
    }
    asked.delete(block);
    changed();
  }

  function forgetFarBlocks(near: number): void {
    while (blocks.size > blocksKept)
      blocks.delete([...blocks.keys()].reduce((far, block) =>
        (Math.abs(block - near) > Math.abs(far - near) ? block : far)));
  }

  function needed(): void {
    if (list === null) return;
    const last = total === null ? 0 : Math.floor(Math.max(0, total - 1) / blockSize);
    const first = Math.floor(wanted.first / blockSize);
    const end = Math.min(last, Math.floor((wanted.end + blockSize / 4) / blockSize));
    for (const [block, request] of asked) {
      if (block >= first && block <= end) continue;
      request.abort(); // scrolled past
      asked.delete(block);
    }
    for (let block = Math.min(first, last); block <= end; ++block)
      if (!blocks.has(block) && !asked.has(block)) void readBlock(block);
  }

  const row = (index: number): Row | undefined => blocks.get(Math.floor(index / blockSize))?.[index % blockSize];

  return {
    total: () => total,
    orderedAt: () => orderedAt,
    row,
    failure: () => failure,
    wouldMove() {
      const inOrder = (): Row[] => [...blocks].sort(([a], [b]) => a - b).flatMap(([, block]) => block);
      return (moved ??= list === null ? 0 : movedOf(list, inOrder()));
    },
    read(next) {
      stop();
      list = next;
      total = null;
      moved = null;
      failure = null;
      blocks = new Map();
      wanted = { first: 0, end: blockSize / 2 };
      orderedAt = now();
      needed();
    },
    need(visible) {
      wanted = visible;
      if (total !== null) needed();
    },
    async refresh({ first, end }) {
      const rows: Row[] = [];
      for (let index = first; index < end; ++index) rows.push(...[row(index)].filter((one) => one !== undefined));
      if (rows.length === 0 || list === null) return;
      const of = list;
      const body = { device_ids: rows.map(({ device }) => device.device_id), fields };
      const answer = await getJson<{ devices: Device[] }>("status/query", { method: "POST", body });
      if (of !== list) return;
      const fresh = new Map(answer.devices.map((device) => [device.device_id, device]));
      rows.forEach((one) => update(one, fresh.get(one.device.device_id), of));
      moved = null;
      changed();
    },
    close: stop,
  };
}

const movedOf = (list: List, rows: Row[]): number => {
  const still = rows.filter(({ isGone }) => !isGone);
  return rows.length - still.length + outOfOrder(list, still.map(({ device }) => device));
};

// What a reader sees of a column; only a change of that is shown as one.
const shownOf: Record<string, (device: Device) => unknown> = {
  battery_level: (device) => device.battery_level,
  rssi: (device) => device.rssi,
  online: (device) => device.online,
  last_heard: (device) => timeOf(device.last_heard),
};

function update(row: Row, fresh: Device | undefined, list: List): void {
  row.isGone = fresh === undefined || !matches(list, fresh);
  if (fresh === undefined) return;
  for (const [column, shown] of Object.entries(shownOf))
    if (shown(fresh) !== shown(row.device)) row.changed.set(column, Date.now());
  row.device = fresh;
}

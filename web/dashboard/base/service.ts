// What the service's endpoints hold, as docs/API.md has it. Times are RFC 3339.
export type Time = string;

export type ProblemKind = "silent" | "battery_low" | "battery_falling" | "weak_signal" | "clock" | "flapping";

export interface Problem {
  kind: ProblemKind;
  since: Time;
  until?: Time; // of one that ended
  days_to_empty?: number; // battery_falling
  seconds?: number; // clock; positive: the clock is fast
  departures?: number; // flapping
}

export interface Outage {
  group: string | null; // null: the whole fleet
  since: Time;
  found: Time;
  ended: Time | null;
  devices: number;
  heard: number;
  silent: number;
}

export interface Minute {
  from: Time;
  reports: number;
  heard: number; // different devices
}

export interface Distribution {
  median: number | null; // null without devices
  bars: { below: number; devices: number }[];
}

// GET /fleet/overview
export interface Overview {
  time: Time;
  devices: number;
  online: number;
  silent: number;
  muted: number;
  problems: Record<ProblemKind, number>;
  devices_with_problems: number;
  reports_per_second: number; // mean of the last 10 s
  minutes: Minute[]; // the last 60 whole ones, oldest first
  battery_level: Distribution;
  rssi: Distribution;
  outages: Outage[]; // running ones, and those that ended in the last 24 h
  stale_after_seconds: number; // STALE_AFTER
  group_by: "prefix" | "key" | null; // GROUP_BY
}

// A row of GET /fleet/attention
export interface Attention {
  device_id: string;
  group: string | null;
  problems: Problem[];
  battery_level: number;
  rssi: number;
  online: boolean;
  last_heard: Time;
  usual_seconds: number | null;
  was_due?: Time | null; // of a silent device; others have `due`
  due?: Time | null;
}

export interface AttentionPage {
  devices: Attention[];
  total: number;
  next_cursor?: string | null;
}

// GET /fleet/events, and the stream's `problem`, `outage` and `action`
export type FleetEvent = { time: Time } & (
  | { kind: "problem"; state: "began" | "ended"; device_id: string; group: string | null; problem: Problem }
  | { kind: "outage"; state: "began" | "ended"; outage: Outage }
  | { kind: "removed"; device_id?: string; devices?: number; prefix?: string; silent_for?: number }
  | { kind: "muted" | "unmuted"; device_id?: string; prefix?: string; until?: Time | null }
);

// A device in GET /status/summary, /status/{id}, POST /status/query and the stream: the members that were asked for.
export interface Device {
  device_id: string;
  battery_level: number;
  online: boolean;
  last_update: Time;
  rssi: number;
  last_heard: Time;
  stale: boolean;
  was_due?: Time | null;
  group?: string | null;
  usual_seconds?: number | null;
  due?: Time | null;
  problems?: Problem[];
  muted?: Time | null; // when the mute ends
  outage?: boolean; // silent because the group is out
}

export interface Summary {
  total_devices: number;
  online_devices: number;
  low_battery_devices: number;
  devices: Device[];
}

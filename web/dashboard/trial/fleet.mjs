// A made-up fleet of 100,000 devices at one moment, for pictures of the dashboard that are the same each time.
export const moment = Date.parse("2026-11-28T14:02:09Z");

const minute = 60_000;
const hour = 60 * minute;
const rooms = ["kitchen", "hall", "door", "freezer", "nursery-temp", "office-co2", "laundry", "porch", "garage-door",
  "attic-motion", "shed", "boiler", "window", "cellar", "bath-leak"];
const usuals = [60, 120, 300, 300, 300, 600, 600, 600, 1200, 1800, 3600];

// mulberry32
export function randomOf(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomOf(7);
const pick = (list) => list[Math.floor(random() * list.length)];
const bell = () => random() + random() + random() - 1.5; // -1.5 to 1.5
const two = (value) => String(value).padStart(2, "0");
const between = (low, high, value) => Math.min(high, Math.max(low, value));

export const timeOf = (milliseconds) => new Date(milliseconds).toISOString().replace(".000Z", "Z");

function deviceOf(id, group) {
  const usual = pick(usuals);
  const heard = moment - random() * usual * 1_000;
  return { id, group, battery: Math.round(between(21, 100, 74 + bell() * 36)), rssi: Math.round(between(-90, -31, -58 + bell() * 22)),
    online: random() > 0.02, usual, heard, due: heard + 900_000 + usual * 1_000, stale: false, problems: [], muted: null, outage: false };
}

function idsOfGroups() {
  const ids = [];
  for (let gateway = 1; gateway <= 60; ++gateway)
    for (let i = 0; i < 1_250; ++i)
      ids.push([`gw${two(gateway)}-${rooms[i % rooms.length]}-${two(1 + Math.floor(i / rooms.length))}`, `gw${two(gateway)}`]);
  for (let hall = 1; hall <= 9; ++hall)
    for (let i = 0; i < 100; ++i) ids.push([`hall${hall}-${rooms[i % rooms.length]}-${1 + Math.floor(i / rooms.length)}`, `hall${hall}`]);
  ids.push(["building-north-floor-12-corridor-emergency-light-monitor-0042-rev-b", "building"], ["attic-motion-17", "attic"]);
  const letters = "abcdefghijklmnopqrstuvwxyz";
  for (let i = 0; ids.length < 100_000; ++i)
    ids.push([`sensor-${letters[i % 26]}${letters[Math.floor(i / 26) % 26]}${letters[Math.floor(i / 676) % 26]}-${100 + (i * 37) % 900}`, "sensor"]);
  return ids;
}

export const devices = idsOfGroups().map(([id, group]) => deviceOf(id, group));
const byId = new Map(devices.map((device) => [device.id, device]));
export const find = (id) => byId.get(id);
export const remove = (id) => byId.delete(id);

function silence(device, heardAgo, usual = device.usual) {
  device.heard = moment - heardAgo;
  device.usual = usual;
  device.due = device.heard + Math.max(900_000, 2_000 * usual);
  device.stale = true;
}
const raise = (device, kind, since, more = {}) => device.problems.push({ kind, since: timeOf(since), ...more });
function silent(device, ago, usual) {
  silence(device, ago, usual);
  raise(device, "silent", device.heard);
}
function low(device, battery, since = moment - 20 * hour) {
  device.battery = battery;
  raise(device, "battery_low", since);
}
function falling(device, days) { raise(device, "battery_falling", moment - 3 * 24 * hour, { days_to_empty: days }); }
function weak(device, rssi) {
  device.rssi = rssi;
  raise(device, "weak_signal", moment - 9 * 24 * hour);
}

// Those that the pictures show by name.
const named = devices.at(-1);
named.id = "sensor-abc-123";
byId.set(named.id, named);
silent(named, 192 * minute, 1_200);
Object.assign(named, { rssi: -88, online: false });
low(named, 3);
silent(find("gw12-cellar-02"), 28.2 * hour, 14_400);
const long = find("building-north-floor-12-corridor-emergency-light-monitor-0042-rev-b");
silent(long, 47 * minute, 600);
weak(long, -94);
low(find("gw03-bath-leak-01"), 6);
falling(find("gw03-bath-leak-01"), 4);
raise(find("attic-motion-17"), "flapping", moment - 118 * minute, { departures: 5 });
silent(find("gw19-shed-04"), 61 * minute, 1_800);
raise(find("gw21-garage-door-01"), "clock", moment - 9 * 24 * hour, { seconds: 11_100 });
low(find("gw03-door-02"), 19, moment - 4 * minute);
weak(find("hall3-window-6"), -97);

// The others, to the numbers that the overview says.
const gateway = devices.filter(({ group }) => group === "gw07");
for (const device of gateway.slice(0, 1_204)) {
  silence(device, (21 + random() * 4) * minute, 300);
  device.outage = true;
}
const quiet = devices.filter(({ problems, group }) => problems.length === 0 && group !== "gw07");
const another = () => quiet.splice(Math.floor(random() * quiet.length), 1)[0];
const has = (kind) => devices.filter(({ problems }) => problems.some((problem) => problem.kind === kind)).length;
for (const device of devices.filter(({ group }) => group === "hall3").slice(3, 6)) silent(device, 100 * minute, 600);
while (has("silent") < 341) silent(another(), (45 + random() * 1_600) * minute, pick([300, 600, 1_200]));
while (has("battery_low") < 37) low(another(), Math.floor(5 + random() * 15));
while (has("battery_falling") < 112) falling(another(), 2 + Math.floor(random() * 12));
while (has("weak_signal") < 208) weak(another(), -91 - Math.floor(random() * 9));
while (has("flapping") < 19) raise(another(), "flapping", moment - random() * 5 * hour, { departures: 5 + Math.floor(random() * 4) });
while (has("clock") < 6) raise(another(), "clock", moment - random() * 200 * hour, { seconds: Math.round((random() - 0.3) * 9_000) });
for (let i = 0; i < 43; ++i) another().muted = timeOf(Date.parse("2026-11-30T08:00:00Z"));

export const outages = [
  { group: "gw07", since: "2026-11-28T13:41:00Z", found: "2026-11-28T13:45:00Z", ended: null, devices: 1_250, heard: 46, silent: 1_204 },
  { group: "hall3", since: "2026-11-28T11:44:00Z", found: "2026-11-28T11:47:00Z", ended: "2026-11-28T12:18:00Z", devices: 100, heard: 97, silent: 3 },
];

// When the service was down: three weeks ago, so that a history of 30 days has it.
export const downtimes = [{ from: "2026-11-06T02:00:00Z", to: "2026-11-06T14:00:00Z" }];

export const minutes = Array.from({ length: 60 }, (_, i) => {
  const from = Math.floor(moment / minute) * minute - (60 - i) * minute;
  const share = from >= Date.parse("2026-11-28T13:41:00Z") ? 0.91 : 1;
  return { from: timeOf(from), heard: Math.round((12_870 + bell() * 130) * share), reports: Math.round((66_240 + Math.sin(i / 6) * 900 + bell() * 500) * share) };
});

const at = (clock) => `2026-11-28T${clock}Z`;
const problem = (time, state, device_id, kind, more = {}) =>
  ({ time: at(time), kind: "problem", state, device_id, group: find(device_id)?.group ?? null, problem: { kind, since: at(time), ...more } });
export const events = [
  problem("14:02:01", "ended", "hall3-window-1", "silent", { since: at("11:44:00"), until: at("14:02:01") }),
  problem("14:01:12", "began", "gw19-shed-04", "silent"),
  problem("13:58:40", "began", "gw03-door-02", "battery_low"),
  problem("13:56:02", "ended", "gw30-hall-08", "clock", { seconds: 720, since: at("09:12:00"), until: at("13:56:02") }),
  { time: at("13:45:00"), kind: "outage", state: "began", outage: outages[0] },
  problem("13:31:10", "began", "gw03-bath-leak-01", "battery_low"),
  { time: at("13:20:00"), kind: "muted", device_id: "gw47-kitchen-11", until: "2026-11-30T08:00:00Z" },
  problem("12:58:33", "began", "gw40-porch-01", "silent"),
  { time: at("12:18:00"), kind: "outage", state: "ended", outage: outages[1] },
  problem("12:04:51", "began", "attic-motion-17", "flapping", { departures: 5 }),
];

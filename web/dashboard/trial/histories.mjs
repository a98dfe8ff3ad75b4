// What the devices of fleet.mjs reported before, made up when somebody asks: the latest first.
import { downtimes, moment, randomOf } from "./fleet.mjs";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const known = new Map();

// A report has own and received (ms since 1970), battery, rssi, online.
export function historyOf(device) {
  if (!known.has(device.id)) {
    const reports = device.id === "sensor-abc-123" ? drainingSensor(device) : usualDevice(device);
    known.set(device.id, reports.filter(({ received }) => !isDown(received)));
  }
  return known.get(device.id);
}

const isDown = (time) => downtimes.some(({ from, to }) => time >= Date.parse(from) && time < Date.parse(to));

const seedOf = (text) => [...text].reduce((seed, character) => (Math.imul(seed, 31) + character.codePointAt(0)) | 0, 7);

// Its battery lasts since March. Three weeks ago its signal became weak, and then it was silent for a day and a half.
function drainingSensor(device) {
  const random = randomOf(7);
  const noise = (size) => (random() + random() + random() - 1.5) * size;
  const reports = [];
  for (let at = device.heard; at > Date.parse("2026-03-03T09:00:00Z"); at -= random() < 0.02 ? 20 * minute : 10 * minute) {
    const days = (moment - at) / day;
    if (days > 8.1 && days < 9.6) continue;
    const battery = days < 11 ? 3 + days * 3.05 : Math.min(100, 36.5 + (days - 11) * 1.3);
    const isOffline = at > device.heard - 15 * minute || (days > 15.4 && days < 15.8);
    const received = at - Math.round(random() * 3) * 1_000;
    const own = received - 2_000;
    reports.push({ own, received, battery: clamp(battery + noise(1.4), 0, 100), rssi: clamp((days < 10.9 ? -88 : -74) + noise(3.4), -110, -40),
      online: !isOffline });
  }
  reports[0] = { ...reports[0], battery: device.battery, rssi: device.rssi, online: device.online };
  reports[4] = { ...reports[4], own: reports[4].own - 17 * minute, received: reports[3].received };
  return reports.sort((one, other) => other.own - one.own);
}

function usualDevice(device) {
  const random = randomOf(seedOf(device.id));
  const noise = (size) => (random() + random() + random() - 1.5) * size;
  const drain = random() * 0.4; // points a day
  const reports = [];
  const interval = Math.max((device.usual * 1_000) / 2, 10 * minute);
  for (let at = device.heard; at > moment - 60 * day; at -= interval * (random() < 0.02 ? 2 : 1)) {
    const days = (device.heard - at) / day;
    reports.push({ own: at - 1_000, received: at, battery: clamp(device.battery + days * drain, 0, 100),
      rssi: clamp(device.rssi + noise(4), -110, -30), online: random() > 0.002 });
  }
  reports[0] = { ...reports[0], battery: device.battery, rssi: device.rssi, online: device.online };
  return reports;
}

const clamp = (value, low, high) => Math.round(Math.min(high, Math.max(low, value)));

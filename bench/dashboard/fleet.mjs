// The fleet of the measurement: devices of gateways, of which one in a hundred has a battery that is now low, now not.
import { setTimeout } from "node:timers/promises";

const batchSize = 10_000; // what MAX_BATCH_UPDATES allows by default
const groupSize = 1_250;
const places = ["kitchen", "hall", "bath", "garden", "cellar"];
const minute = 60_000; // ms

export const idOf = (device) =>
  `gw${String(Math.floor(device / groupSize)).padStart(2, "0")}-${places[device % places.length]}-${String(device).padStart(7, "0")}`;

// The device whose page is opened: it has reported every minute for a week.
export const watchedDevice = idOf(0);

function reportOf(device, round, moment) {
  const isLow = device % 100 === 7 && round % 2 === 0;
  const battery_level = isLow ? 12 : 30 + ((device * 31 + round) % 70);
  return { device_id: idOf(device), battery_level, rssi: -40 - ((device * 7 + round) % 40), online: true,
    timestamp: new Date(moment).toISOString() };
}

export async function fill(service, devices) {
  const now = Date.now();
  await service.report(Array.from({ length: batchSize }, (_, i) => reportOf(0, i, now - (batchSize - i) * minute)));
  for (let first = 0; first < devices; first += batchSize) {
    const count = Math.min(batchSize, devices - first);
    await service.report(Array.from({ length: count }, (_, i) => reportOf(first + i, 1, now)));
  }
}

// Reports of all devices in scattered order, `rate` a second, in batches of what is due, until it is stopped. `stop` returns
// how many there were a second, and throws if the service took no more.
export function sendReports(service, devices, rate) {
  const every = 50; // ms
  const begin = Date.now();
  const passed = () => (Date.now() - begin) / 1_000;
  let sent = 0;
  let isStopped = false;
  const next = () => reportOf((sent * 7919) % devices, sent++, Date.now()); // a prime: all have their turn
  async function send() {
    while (!isStopped) {
      const due = Math.min(batchSize, Math.floor(passed() * rate) - sent);
      if (due > 0) await service.report(Array.from({ length: due }, next));
      await setTimeout(every);
    }
    return sent / passed();
  }
  const sending = send();
  sending.catch(() => {}); // `stop` throws it
  return {
    stop() {
      isStopped = true;
      return sending;
    },
  };
}

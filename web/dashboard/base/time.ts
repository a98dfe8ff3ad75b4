// Times in words, in the viewer's zone, as the design has them: "14:02" today, "27 Nov 09:48" earlier.
import { numberOf } from "./numbers.js";
import type { Time } from "./service.js";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const space = "\u00a0";

// How far the service's clock is ahead of this browser's, in milliseconds: ages are told by the service's clock.
let ahead = 0;
export const setServiceTime = (time: Time): void => void (ahead = Date.parse(time) - Date.now());
export const now = (): number => Date.now() + ahead;

export const monthOf = (date: Date): string => months[date.getMonth()]!;
const two = (value: number): string => String(value).padStart(2, "0");

export function dayOf(time: Time | number): string {
  const date = new Date(time);
  const day = `${date.getDate()}${space}${monthOf(date)}`;
  return date.getFullYear() === new Date(now()).getFullYear() ? day : `${day}${space}${date.getFullYear()}`;
}

export function isToday(time: Time | number): boolean {
  return new Date(time).toDateString() === new Date(now()).toDateString();
}

export function clockOf(time: Time | number, withSeconds = false): string {
  const date = new Date(time);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${clock}:${two(date.getSeconds())}` : clock;
}

export function timeOf(time: Time | number, withSeconds = false): string {
  const clock = clockOf(time, withSeconds);
  return isToday(time) ? clock : `${dayOf(time)}${space}${clock}`;
}

// Where there is room for one of both: "10:50" today, "27 Nov" earlier.
export const briefTimeOf = (time: Time | number): string => (isToday(time) ? clockOf(time) : dayOf(time));

// "34 s", "47 min", "3 h 12 min", "1 d 4 h", "19 d": the two largest units, cut off.
export function durationOf(seconds: number): string {
  const units: [string, number][] = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const whole = Math.max(0, Math.floor(seconds));
  const at = Math.max(0, units.findIndex(([, size]) => whole >= size));
  const [unit, size] = whole === 0 ? units[3]! : units[at]!;
  const count = Math.floor(whole / size);
  const [nextUnit, nextSize] = units[at + 1] ?? ["", 1];
  const rest = Math.floor((whole % size) / nextSize);
  const isCoarse = unit === "min" || unit === "s" || count >= 10 && unit === "d" || rest === 0;
  return `${count}${space}${unit}${isCoarse ? "" : `${space}${rest}${space}${nextUnit}`}`;
}

export const secondsSince = (time: Time | number): number => (now() - new Date(time).getTime()) / 1000;
export const ageOf = (time: Time | number): string => durationOf(secondsSince(time));

// A rhythm in one unit: "usually 20 min".
export function rhythmOf(seconds: number): string {
  const [unit, size] = seconds < 60 ? ["s", 1] : seconds < 3_570 ? ["min", 60]
    : seconds < 172_800 ? ["h", 3_600] : ["d", 86_400];
  const count = seconds / size;
  return `${numberOf(count, unit === "h" && count < 10 ? 1 : 0)}${space}${unit}`;
}

// The ends that a mute may have: in an hour, tomorrow morning, on Monday morning, in a week.
import { clockOf } from "../../base/time.js";

export interface MuteEnd {
  text: string;
  at: Date;
}

const morning = 8; // o'clock
const monday = 1;

export function muteEndsAt(now: Date): [MuteEnd, ...MuteEnd[]] {
  const inAnHour = new Date(now);
  inAnHour.setHours(now.getHours() + 1, now.getMinutes(), 0, 0);
  const tomorrow = morningIn(now, 1);
  const nextMonday = morningIn(now, (monday - now.getDay() + 7) % 7 || 7);
  const inAWeek = new Date(now);
  inAWeek.setDate(now.getDate() + 7);
  return [
    { text: clockOf(inAnHour.getTime()), at: inAnHour },
    { text: "Tomorrow 08:00", at: tomorrow },
    ...(nextMonday.getTime() === tomorrow.getTime() ? [] : [{ text: "Mon 08:00", at: nextMonday }]),
    { text: "In 7\u00a0d", at: inAWeek },
  ];
}

function morningIn(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, morning);
}

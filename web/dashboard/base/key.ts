// The API key, which stays in this tab. It travels in a header, never in an address.
import { watched } from "./watched.js";

const kept = "key";

export const key = watched<string | null>(sessionStorage.getItem(kept));
key.watch((value) => (value === null ? sessionStorage.removeItem(kept) : sessionStorage.setItem(kept, value)));

// Why the service refused the last request for want of a key: "missing" before any was given. Null while all is well.
export type KeyFault = "missing" | "refused";
export const keyFault = watched<KeyFault | null>(null);

export function keyFields(): Record<string, string> {
  const value = key.get();
  return value === null ? {} : { Authorization: `Bearer ${value}` };
}

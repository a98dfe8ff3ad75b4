// What changes a device, and whether the key allows it. A key's scopes show only in what the service refuses.
import { html, nothing, type TemplateResult } from "lit-html";
import { request, ServiceError } from "../base/api.js";
import { key } from "../base/key.js";
import { watched } from "../base/watched.js";

// Whether the service refused an action for want of the scope `admin`.
export const actionsRefused = watched(false);
key.watch(() => actionsRefused.set(false));

export const reasonId = "read-only";

export function refusalReason(): TemplateResult | typeof nothing {
  if (!actionsRefused.get()) return nothing;
  return html`<span class="quiet" id=${reasonId}>Your key may read only; this needs the scope <code>admin</code>.</span>`;
}

const muteOfDevice = (deviceId: string): string => `fleet/mutes/device/${encodeURIComponent(deviceId)}`;
const muteOfPrefix = (prefix: string): string => `fleet/mutes/prefix/${encodeURIComponent(prefix)}`;

export type Muted = { deviceId: string } | { prefix: string };
const muteOf = (muted: Muted): string => ("prefix" in muted ? muteOfPrefix(muted.prefix) : muteOfDevice(muted.deviceId));

export const mute = (muted: Muted, until: Date): Promise<Response> =>
  act(muteOf(muted), { method: "PUT", body: { until: until.toISOString() } });

export const unmute = (muted: Muted): Promise<Response> => act(muteOf(muted), { method: "DELETE" });

export const remove = (deviceId: string): Promise<Response> =>
  act(`status/${encodeURIComponent(deviceId)}`, { method: "DELETE" });

// Which devices a removal of many means.
export interface Selection {
  prefix?: string;
  silent_for?: string; // "30d"
}

// Removes nothing and throws a ServiceError with status 412 unless `expect` devices match. Returns how many it removed.
export async function removeMany(selection: Selection, expect: number): Promise<number> {
  const answer = await act("status", { method: "DELETE", query: { ...selection, expect } });
  return ((await answer.json()) as { removed: number }).removed;
}

async function act(...asked: Parameters<typeof request>): Promise<Response> {
  try {
    return await request(...asked);
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) actionsRefused.set(true);
    throw error;
  }
}

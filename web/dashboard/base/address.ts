// Where the service and the pages are. A proxy may have put them below a path of its own, so all addresses are relative to
// the folder above that of the scripts.
export const root = new URL("../", import.meta.url);

export type Query = Record<string, string | number | boolean | undefined>;

// `path` has no leading slash: address("status/summary", { limit: 10 }). A parameter that is undefined is left out.
export function address(path: string, query: Query = {}): string {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

export const fleetAddress = (query: Query = {}): string => address("", query);
export const deviceAddress = (deviceId: string): string => address(`device/${encodeURIComponent(deviceId)}`);

export type Place = { page: "fleet" } | { page: "device"; deviceId: string };

// Returns undefined for an address that is no page of the dashboard.
export function placeOf(url: URL): Place | undefined {
  if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) return undefined;
  const path = url.pathname.slice(root.pathname.length);
  if (path === "") return { page: "fleet" };
  const device = /^device\/([^/]+)$/.exec(path)?.[1];
  return device === undefined ? undefined : { page: "device", deviceId: decoded(device) };
}

// An address that somebody mistyped is taken as it is.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

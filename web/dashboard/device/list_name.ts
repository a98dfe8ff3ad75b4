// A list of devices, named after its filter.

const problemNames: Record<string, string> = {
  any: "Devices with problems",
  outage: "Devices in an outage",
  silent: "Silent devices",
  battery_low: "Low batteries",
  battery_falling: "Falling batteries",
  weak_signal: "Weak signals",
  clock: "Wrong clocks",
  flapping: "Flapping devices",
};

// `query`: that of the list's address.
export function listName(query: URLSearchParams): string {
  const [kind, group, text] = [kindName(query), query.get("group"), query.get("q")];
  const where = [group && `of ${group}`, text && `with “${text}”`].filter(Boolean).join(" ");
  if (kind !== null) return where === "" ? kind : `${kind} ${where}`;
  if (text) return `Devices ${where}`;
  return group ? `Group ${group}` : "Fleet";
}

function kindName(query: URLSearchParams): string | null {
  const problem = query.get("problem");
  if (problem !== null) return problemNames[problem] ?? "Devices";
  if (query.get("stale") === "true") return "Silent devices";
  if (query.get("muted") === "true") return "Muted devices";
  const others = ["stale", "online", "battery_below", "rssi_below", "prefix", "silent_for"];
  return others.some((name) => query.has(name)) ? "Devices" : null;
}

// What uPlot asks of Intl when it is loaded: a format of numbers and the zone, for axes and legends that no chart here has.
// The browser's own Intl takes longer to start than all the rest of the page; build.mjs puts this in its place.
export const Intl = {
  NumberFormat: class {
    format = String;
  },
  DateTimeFormat: class {
    resolvedOptions = (): { timeZone: string } => ({ timeZone: "UTC" });
  },
};

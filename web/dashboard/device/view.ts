// What of the device is shown, as the page's address says: ?span=7d&history=table&rhythm=table&reports=all
import { placeOf } from "../base/address.js";
import { isSpanName, type SpanName } from "./history/window.js";

export interface View {
  deviceId: string;
  span: SpanName;
  historyAsTable: boolean;
  rhythmAsTable: boolean;
  allReports: boolean;
}

export function viewOf(url: URL): View {
  const place = placeOf(url);
  const asked = url.searchParams;
  const span = asked.get("span");
  return {
    deviceId: place?.page === "device" ? place.deviceId : "",
    span: isSpanName(span) ? span : "30d",
    historyAsTable: asked.get("history") === "table",
    rhythmAsTable: asked.get("rhythm") === "table",
    allReports: asked.get("reports") === "all",
  };
}

// The page's address with other parameters; null takes one away.
export function linkWith(parameters: Record<string, string | null>): string {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(parameters))
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  url.hash = "";
  return url.href;
}

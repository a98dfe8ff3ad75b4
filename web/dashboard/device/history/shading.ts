// What stands behind the lines of a chart: grid, gaps with what they were, limits. Drawn as SVG with the page's own
// colours, so nothing is drawn again when the theme changes.
import { svg, type TemplateResult } from "lit-html";
import type { TimeSpan } from "../times.js";
import type { Gap } from "./gaps.js";
import type { Scale } from "./ticks.js";
import { marksOf } from "./ticks.js";

const narrowest = 2; // px
const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

// Where a moment stands, from 0 to 1.
export function placeIn({ from, to }: TimeSpan, time: number): number {
  return Math.min(1, Math.max(0, (time - from) / (to - from)));
}

export interface Box {
  x: string;
  width: string;
}

// `width`: of the chart, in px.
export function boxOf(window: TimeSpan, span: TimeSpan, width: number): Box {
  const least = narrowest / Math.max(width, narrowest);
  const share = Math.max(least, placeIn(window, span.to) - placeIn(window, span.from));
  return { x: percent(Math.min(placeIn(window, span.from), 1 - share)), width: percent(share) };
}

// Stands once on the page: all its drawings use it.
export const hatch = svg`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="6"></line></pattern></defs>`;

export function gapShades(window: TimeSpan, gaps: Gap[], width: number, height: number): TemplateResult[] {
  return gaps.map((gap) => {
    const box = boxOf(window, gap, width);
    if (gap.kind === "down")
      return svg`<rect fill="url(#hatch)" x=${box.x} width=${box.width} y="0" height=${height}></rect>`;
    return svg`<rect class="gap" x=${box.x} width=${box.width} y="0" height=${height}></rect>`;
  });
}

export function grid({ low, high, step }: Scale, height: number): TemplateResult[] {
  return marksOf({ low, high, step }).map((mark) => {
    const y = height * (1 - (mark - low) / (high - low));
    return svg`<line class=${mark === low ? "base" : "grid"} x1="0" x2="100%" y1=${y} y2=${y}></line>`;
  });
}

export function lowLimit(limit: number, { low, high }: Scale, height: number): TemplateResult {
  const y = height * (1 - (limit - low) / (high - low));
  return svg`<line class="limit" x1="0" x2="100%" y1=${y} y2=${y}></line>
<text class="say-low" x="0" y=${y + 15}>low below ${limit}</text>`;
}

const textWidth = 7; // px a character, at most about

// Each text stands beside its gap, where no other text or gap is; silences come first, then the longest gaps. A service may
// have been down often for a moment: what is less than 2 px wide bears no text then.
export function gapTexts(window: TimeSpan, gaps: Gap[], width: number): TemplateResult[] {
  const taken: TimeSpan[] = [];
  const least = (narrowest / width) * (window.to - window.from); // ms
  const isDown = ({ kind }: Gap): number => Number(kind === "down");
  const shown = gaps.filter((gap) => gap.kind !== "down" || gap.to - gap.from >= least);
  shown.sort((one, other) => isDown(one) - isDown(other) || other.to - other.from - (one.to - one.from));
  return shown.flatMap((gap) => {
    const place = textPlace(window, gap, width);
    if (taken.some((other) => place.from < other.to && other.from < place.to)) return [];
    taken.push(place);
    return [svg`<text class=${gap.kind === "down" ? "say roomy" : "say-crit roomy"} x=${percent(place.at / width)} y="14"
text-anchor=${place.anchor}>${gap.text}</text>`];
  });
}

function textPlace(window: TimeSpan, gap: Gap, width: number): TimeSpan & { at: number; anchor: "start" | "end" } {
  const length = gap.text.length * textWidth;
  const left = placeIn(window, gap.from) * width - 4;
  if (left >= length) return { from: left - length, to: left, at: left, anchor: "end" };
  const right = placeIn(window, gap.to) * width + 4;
  return { from: right, to: right + length, at: right, anchor: "start" };
}

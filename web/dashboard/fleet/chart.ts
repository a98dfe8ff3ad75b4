// Small drawings for the tiles of the strip, 600 × 48, without axes: each says its range in words below.
import { svg, type SVGTemplateResult } from "lit-html";

export const wide = 600;
export const high = 48;

// The next round number above, as the end of a range that begins at 0: 1,104 → 1,250, 14.8 → 16.
export function roundAbove(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.25, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10];
  return (steps.find((step) => step * size >= value) ?? 10) * size;
}

// What is not zero is at least 2 px high.
export function barHeight(value: number, top: number): number {
  return value === 0 ? 0 : Math.max(2, (value / top) * (high - 2));
}

export const base = svg`<line class="base" x1="0" x2=${wide} y1=${high} y2=${high}/>`;

// A line through points; null is a gap, which no line crosses. `x` is 0 to 1.
export function line(points: [x: number, value: number | null][], top: number): SVGTemplateResult {
  let path = "";
  let isDown = false;
  points.forEach(([x, value], i) => {
    if (value !== null)
      path += `${isDown ? "L" : "M"}${(x * wide).toFixed(1)} ${(high - (value / top) * (high - 2)).toFixed(1)}`;
    const isAlone = !isDown && value !== null && (points[i + 1]?.[1] ?? null) === null;
    if (isAlone) path += "h-4"; // a point of its own is seen, too
    isDown = value !== null;
  });
  return svg`<path class="line" d=${path}/>`;
}

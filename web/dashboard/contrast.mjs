// Checks the style sheet's colours, by day and by night: node contrast.mjs [STYLE_SHEET]. Each pair that is used has the
// contrast that WCAG 2.2 asks for, and the colours of the charts are told apart by eyes that lack one kind of cone.
import { readFileSync } from "node:fs";

const file = process.argv[2] ?? new URL("style.css", import.meta.url);
const tokens = {};
for (const [, name, day, night] of readFileSync(file, "utf8").matchAll(/--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)/g))
  tokens[name] = { day, night };
const times = ["day", "night"];

const text = 4.5; // least contrasts
const graphic = 3;
const pairs = [
  ...["ink", "ink-2", "ink-3", "accent", "crit", "warn"].flatMap((front) => [[front, "paper", text], [front, "sunk", text]]),
  ...["ink", "ink-2", "crit", "accent"].map((front) => [front, "raised", text]),
  ["ink", "accent-soft", text], ["ink-2", "accent-soft", text],
  ["ink", "crit-soft", text], ["crit", "crit-soft", text], ["accent", "crit-soft", text],
  ["on-accent", "accent", text], ["on-crit", "crit", text], ["chart-axis", "paper", text], ["ink-2", "chart-gap", text],
  ...["edge", "chart", "chart-fill", "chart-2", "chart-low"].map((front) => [front, "paper", graphic]),
  ["edge", "raised", graphic], ["chart", "chart-band", graphic], ["chart-fill", "chart-gap", graphic],
];
const leastDistance = 11.5; // in CIELAB
const neighbours = [["chart-fill", "chart-low"], ["chart", "chart-low"], ["chart", "chart-2"]];

// What a dichromat sees (Machado, Oliveira and Fernandes 2009, full strength), of linear RGB.
const sights = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function linear(hex) {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

function contrast(a, b) {
  const luminance = (hex) => linear(hex).reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const [light, dark] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (light + 0.05) / (dark + 0.05);
}

function lab(hex, sight) {
  const given = linear(hex);
  const [r, g, b] = [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, sight[row] * given[0] + sight[row + 1] * given[1] + sight[row + 2] * given[2])));
  const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a, b, sight) {
  const [p, q] = [lab(a, sight), lab(b, sight)];
  return Math.hypot(...p.map((value, i) => value - q[i]));
}

const faults = [];
let least = Infinity;
for (const [front, back, wanted] of pairs)
  for (const time of times) {
    const found = contrast(tokens[front][time], tokens[back][time]);
    least = Math.min(least, found / wanted);
    if (found < wanted) faults.push(`${front} on ${back} by ${time}: ${found.toFixed(2)}, least ${wanted}`);
  }
for (const [a, b] of neighbours)
  for (const time of times)
    for (const [eye, sight] of Object.entries(sights)) {
      const found = distance(tokens[a][time], tokens[b][time], sight);
      if (found < leastDistance) faults.push(`${a} beside ${b} by ${time}, ${eye}: ${found.toFixed(1)}, least ${leastDistance}`);
    }
console.log(faults.length > 0 ? faults.join("\n") : `${pairs.length} pairs have at least ${least.toFixed(2)} of the contrast they need`);
process.exitCode = faults.length > 0 ? 1 : 0;

// Numbers in words, as the design has them: commas for thousands, U+2212 for minus, a no-break space before the unit.
const formats = [0, 1, 2].map((digits) => new Intl.NumberFormat("en", { maximumFractionDigits: digits }));

// `digits`: at most so many behind the point.
export function numberOf(value: number, digits: 0 | 1 | 2 = 0): string {
  return formats[digits]!.format(value).replace("-", "\u2212");
}

export const withUnit = (value: number, unit: string, digits: 0 | 1 | 2 = 0): string =>
  `${numberOf(value, digits)}\u00a0${unit}`;

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${numberOf(count)}\u00a0${count === 1 ? one : many}`;

// Numbers in words, as the design has them: commas for thousands, U+2212 for minus, a no-break space before the unit.
// Without Intl, which takes longer to start than a page to be drawn.

// `digits`: at most so many behind the point.
export function numberOf(value: number, digits: 0 | 1 | 2 = 0): string {
  const [whole, decimals] = String(Number(Math.abs(value).toFixed(digits))).split(".");
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" : "";
  return `${sign}${whole!.replace(/\B(?=(\d{3})+$)/g, ",")}${decimals === undefined ? "" : `.${decimals}`}`;
}

export const withUnit = (value: number, unit: string, digits: 0 | 1 | 2 = 0): string =>
  `${numberOf(value, digits)}\u00a0${unit}`;

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${numberOf(count)}\u00a0${count === 1 ? one : many}`;

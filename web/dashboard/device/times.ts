// Spans of time, in milliseconds since 1970 as Date has them.

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface TimeSpan {
  from: number; // inclusive
  to: number; // exclusive
}

export function overlaps(one: TimeSpan, other: TimeSpan): boolean {
  return one.from < other.to && other.from < one.to;
}

// What is left of `span`, oldest first.
export function without(span: TimeSpan, gaps: readonly TimeSpan[]): TimeSpan[] {
  return gaps.reduce<TimeSpan[]>(
    (parts, gap) =>
      parts.flatMap((part) => [
        { from: part.from, to: Math.min(part.to, gap.from) },
        { from: Math.max(part.from, gap.to), to: part.to },
      ]).filter((part) => part.from < part.to),
    span.from < span.to ? [span] : [],
  );
}

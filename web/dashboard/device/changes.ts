// Which values changed a moment ago, so that they are shown with a quiet highlight.
export interface Changes {
  // Whether `name`'s value is another one than it was, since at most two seconds. A blank is no value.
  isFresh(name: string, value: string): boolean;
}

const shownFor = 2_000; // ms

export function watchChanges(clock: () => number = Date.now): Changes {
  const known = new Map<string, { value: string; since: number }>();
  return {
    isFresh(name, value) {
      const before = known.get(name)?.value.trim() ?? "";
      if (before !== value.trim()) known.set(name, { value, since: before === "" ? -Infinity : clock() });
      return clock() - (known.get(name)?.since ?? -Infinity) < shownFor;
    },
  };
}

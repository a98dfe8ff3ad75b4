// A value that others look at: `watch` calls back when it changes, and returns how to stop that.
export interface Watched<T> {
  get(): T;
  set(value: T): void;
  watch(changed: (value: T) => void): () => void;
}

export function watched<T>(first: T): Watched<T> {
  let value = first;
  const watchers = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const changed of [...watchers]) changed(value);
    },
    watch(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}

// Returns a function that asks for a drawing: once in the browser's next frame, however often it is called before.
export function drawing(draw: () => unknown): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

// Which rows are to be seen, as the page scrolls.
import { scrollMap } from "./scroll_map.js";

export interface Visible {
  first: number; // the first row in sight
  end: number; // behind the last one
}

export interface Viewport {
  resize(rowCount: number, rowHeight: number): void;
  visible(): Visible; // at least one row, also where the table begins below the window
  place(drawn: Visible): { before: number; after: number }; // px of the table above and below the rows that are drawn
  rowsInSight(): number;
  scrollTo(row: number): void; // no further than needed
  close(): void;
}

const restAfter = 200; // ms without scrolling

// `body` holds the rows; `covered` is what sticks at the top of the window, in px. `moved`: other rows may be in sight.
export function viewport(body: HTMLElement, covered: () => number, moved: () => void): Viewport {
  let rowCount = 0;
  let rowHeight = 36;
  let map = scrollMap(0);
  // What has to be added to a place in the page for the place among the rows. It stays while somebody scrolls by hand, so
  // that rows move with the finger, and is set right by jumps and at rest.
  let shift = 0;
  let before = 0;
  let timer = 0;

  const scrolled = (): number => Math.max(0, covered() - body.getBoundingClientRect().top);
  const inSight = (): number => innerHeight - covered();

  function onScroll(): void {
    const at = scrolled();
    if (Math.abs(at - before) > 2 * innerHeight) shift = map.toRows(at) - at;
    before = at;
    clearTimeout(timer);
    if (map.height < rowCount * rowHeight) timer = setTimeout(settle, restAfter) as unknown as number;
    moved();
  }

  function settle(): void {
    const position = before + shift;
    const wanted = map.toScroll(position);
    if (Math.abs(wanted - before) < 1) return;
    shift = position - wanted;
    const by = wanted - before;
    before = wanted;
    scrollBy(0, by);
    moved();
  }

  addEventListener("scroll", onScroll, { passive: true });
  addEventListener("resize", moved);
  return {
    resize(count, height) {
      if (count === rowCount && height === rowHeight) return;
      rowCount = count;
      rowHeight = height;
      map = scrollMap(count * height);
      before = scrolled();
      shift = map.toRows(before) - before;
    },
    visible() {
      const bodyTop = body.getBoundingClientRect().top;
      const covers = covered();
      const top = Math.max(0, covers - bodyTop) + shift;
      const first = Math.min(Math.max(0, rowCount - 1), Math.floor(top / rowHeight));
      const height = Math.max(0, innerHeight - Math.max(covers, bodyTop));
      return { first, end: Math.min(rowCount, first + Math.ceil(height / rowHeight) + 1) };
    },
    place({ first, end }) {
      const above = Math.max(0, first * rowHeight - shift);
      return { before: above, after: Math.max(0, map.height - above - (end - first) * rowHeight) };
    },
    rowsInSight: () => Math.max(1, Math.floor(inSight() / rowHeight)),
    scrollTo(row) {
      const position = row * rowHeight;
      const top = scrolled() + shift;
      const bodyTop = body.getBoundingClientRect().top;
      const bottom = top + Math.min(inSight(), innerHeight - Math.max(covered(), bodyTop));
      const target = position < top || bodyTop > innerHeight ? position
        : position + rowHeight > bottom ? position + rowHeight - inSight() : null;
      if (target === null) return;
      const wanted = map.toScroll(Math.max(0, target));
      const at = covered() - bodyTop; // may be negative: the table begins further down
      shift = Math.max(0, target) - wanted;
      before = wanted;
      scrollBy(0, wanted - at);
      moved();
    },
    close() {
      clearTimeout(timer);
      removeEventListener("scroll", onScroll);
      removeEventListener("resize", moved);
    },
  };
}

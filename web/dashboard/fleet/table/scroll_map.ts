// Where the rows of a very long table are. Browsers do not draw an element that is higher than some millions of pixels, so
// such a table is given less height than its rows have: in the middle a pixel of the scroll bar stands for more than one of
// the rows, at both ends for exactly one.
const highest = 8_000_000; // px, safe in all browsers at a zoom of 200 %
const edge = 400_000; // px

export interface ScrollMap {
  height: number; // px that the table has in the page
  toRows(scroll: number): number; // from px of the page to px of the rows
  toScroll(rows: number): number; // and back
}

export function scrollMap(rows: number, most = highest): ScrollMap {
  if (rows <= most) return { height: rows, toRows: (scroll) => scroll, toScroll: (position) => position };
  const end = Math.min(edge, most / 4);
  const factor = (rows - 2 * end) / (most - 2 * end);
  return {
    height: most,
    toRows(scroll) {
      if (scroll < end) return scroll;
      return scroll > most - end ? rows - (most - scroll) : end + (scroll - end) * factor;
    },
    toScroll(position) {
      if (position < end) return position;
      return position > rows - end ? most - (rows - position) : end + (position - end) / factor;
    },
  };
}

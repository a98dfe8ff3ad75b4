// From the table to another list: each list has an address of its own.
import { go } from "../../base/router.js";
import { hrefOf, type List } from "../filter.js";

export interface Moves {
  open(list: List): void;
  search(list: List, text: string): void; // when the typing rests
  isOwn(): boolean; // whether it is the table that leads to the new list, not a link above it
  close(): void;
}

const searchAfter = 200; // ms without typing

export function movesOf(section: HTMLElement): Moves {
  let own = false;
  let timer = 0;

  // The router follows a link in the table after this listener.
  section.addEventListener("click", () => {
    own = true;
    setTimeout(() => (own = false));
  });

  function open(list: List, replace = false): void {
    own = true;
    go(hrefOf(list), { replace });
    own = false;
  }

  return {
    open,
    search(list, text) {
      clearTimeout(timer);
      const { q: _, ...rest } = list.filter;
      const next = { ...list, filter: text === "" ? rest : { ...rest, q: text } };
      timer = setTimeout(() => open(next, true), text === "" ? 0 : searchAfter) as unknown as number;
    },
    isOwn: () => own,
    close: () => clearTimeout(timer),
  };
}

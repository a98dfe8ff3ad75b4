// From the table to another list: each list has an address of its own.
import { go } from "../../base/router.js";
import { hrefOf, type List } from "../filter.js";

export interface Moves {
  open(list: List, options?: { replace: boolean }): void;
  isOwn(): boolean; // whether it is the table that leads to the new list, not a link above it
}

export function movesOf(section: HTMLElement): Moves {
  let own = false;

  // The router follows a link in the table after this listener.
  section.addEventListener("click", () => {
    own = true;
    setTimeout(() => (own = false));
  });

  return {
    open(list, options) {
      own = true;
      go(hrefOf(list), options);
      own = false;
    },
    isOwn: () => own,
  };
}

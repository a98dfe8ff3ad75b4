// What is typed into the search, until it is part of the list. The page is drawn meanwhile, and the list may change.
import type { Filter, List } from "../filter.js";

export interface TypedSearch {
  text(list: List): string; // what the input shows
  type(text: string): void;
  into(list: List): List; // `list`, searched for what is typed
  forget(): void; // another list is shown: what was typed is part of it, or was for the one before
  close(): void;
}

const searchAfter = 10; // ms without typing: each key of a person is a search, a burst of keys is one

// Runs `task` after some ms. Returns how to prevent that.
export type Later = (task: () => void, after: number) => () => void;

const byTimer: Later = (task, after) => {
  const timer = setTimeout(task, after);
  return () => clearTimeout(timer);
};

// `rested`: the typing rests, or the input was emptied.
export function typedSearch(rested: () => void, later = byTimer): TypedSearch {
  let typed: string | null = null;
  let prevent = (): void => {};
  return {
    text: ({ filter }) => typed ?? filter.q ?? "",
    type(text) {
      typed = text;
      prevent();
      prevent = later(rested, text === "" ? 0 : searchAfter);
    },
    into(list) {
      if (typed === null) return list;
      const { q: _, ...rest } = list.filter;
      const filter: Filter = typed === "" ? rest : { ...rest, q: typed };
      return { ...list, filter };
    },
    forget() {
      typed = null;
      prevent();
    },
    close: () => prevent(),
  };
}

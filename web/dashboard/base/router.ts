// Pages without reloading: links to pages of the dashboard are followed here, and back, forward and reload find the page
// where it was.
import { placeOf, type Place } from "./address.js";

// A page draws itself into <main> from when it is opened until it is closed.
export interface Page {
  // The address changed, but the page is the same: another filter, another device.
  moved(url: URL): void;
  close(): void;
}
export type OpenPage = (main: HTMLElement, url: URL) => Page;

const pages: Record<Place["page"], () => Promise<OpenPage>> = {
  fleet: () => import("../fleet/page.js").then((module) => module.openFleet),
  device: () => import("../device/page.js").then((module) => module.openDevice),
};

const restAfter = 200; // ms without scrolling

let shown: { name: Place["page"]; page: Page } | null = null;
let scrollTimer = 0;
let asked = 0; // a later click wins over a script that arrives late

export function startRouter(): void {
  history.scrollRestoration = "manual"; // a page knows only later how long it is
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')!;
  icon.setAttribute("href", icon.href); // whole, for browsers read it again where the address has another folder
  document.addEventListener("click", follow);
  addEventListener("popstate", () => {
    clearTimeout(scrollTimer); // it was to keep where the other page was
    void show();
  });
  // Not only when the page is left: a reload forgets what is kept then.
  addEventListener("scroll", () => {
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(keepScroll, restAfter) as unknown as number;
  }, { passive: true });
  void show();
}

// Goes to a page of the dashboard. `replace`: without an entry in the browser's history.
export function go(href: string, { replace = false } = {}): void {
  keepScroll();
  history[replace ? "replaceState" : "pushState"]({}, "", href);
  void show();
}

// Where the page was scrolled to when it was left, for a return by back or reload; null on a first visit.
export function scrollOfReturn(): number | null {
  const state = history.state as { scroll?: number } | null;
  return state?.scroll ?? null;
}

function keepScroll(): void {
  clearTimeout(scrollTimer);
  history.replaceState({ ...(history.state as object | null), scroll: scrollY }, "");
}

function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const href = link?.getAttribute("href");
  if (!link || !href || link.hasAttribute("download") || link.hasAttribute("target")) return;
  const url = new URL(href, location.href);
  if (placeOf(url) === undefined) return;
  event.preventDefault();
  go(url.href);
}

// The query of the list that this tab showed last, for the way back to it.
export const lastListQuery = (): string => sessionStorage.getItem("list") ?? "";

async function show(): Promise<void> {
  const url = new URL(location.href);
  const place = placeOf(url);
  if (place === undefined) return shown === null ? undefined : location.reload();
  if (place.page === "fleet") sessionStorage.setItem("list", url.search);
  const request = ++asked;
  dispatchEvent(new Event("place"));
  if (shown?.name === place.page) return shown.page.moved(url);
  const open = await pages[place.page]();
  await new Promise((done) => setTimeout(done)); // running the script was a task already
  if (request !== asked) return;
  shown?.page.close();
  const old = document.querySelector("main")!;
  const main = document.createElement("main"); // a page finds nothing that another one drew
  main.className = `page ${place.page}`;
  old.replaceWith(main);
  scrollTo(0, 0);
  shown = { name: place.page, page: open(main, url) };
}

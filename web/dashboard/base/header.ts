// The header: mark, pages, the store in words, whether the page is live, the key, the theme; and below it the notice of a
// stream that is away.
import { html, nothing, render, type TemplateResult } from "lit-html";
import { address, fleetAddress, placeOf } from "./address.js";
import { icon } from "./icons.js";
import { key } from "./key.js";
import { askForKey } from "./key_dialog.js";
import { streamState, tryNow } from "./live.js";
import { metrics } from "./metrics.js";
import { storeWords } from "./store_words.js";
import { turnTheme } from "./theme.js";
import { clockOf, durationOf } from "./time.js";
import { drawing } from "./watched.js";

const noticeAfter = 3_000; // ms

export function startHeader(): void {
  const bar = document.querySelector<HTMLElement>("header.bar")!;
  const notice = document.querySelector<HTMLElement>("#notice")!;
  const draw = drawing(() => {
    render(header(), bar);
    render(noticeLine(), notice);
  });
  [key, streamState, metrics].forEach((value) => (value as typeof key).watch(draw));
  addEventListener("place", draw);
  setInterval(() => streamState.get().is === "away" && draw(), 1_000);
  draw();
}

function header(): TemplateResult {
  const isFleet = placeOf(new URL(location.href))?.page === "fleet";
  const samples = metrics.get();
  const keyLabel = key.get() === null ? "Key: none" : "Key";
  return html`<a class="brand" href=${fleetAddress()} aria-label="Ubiety">${icon("brand")}<span>Ubiety</span></a>
<nav aria-label="Main"><a href=${fleetAddress()} aria-current=${isFleet ? "page" : nothing}>Fleet</a><a
  href=${address("docs")}>API</a></nav>
<div class="bar-end">${samples
    ? html`<a class="quiet store" href=${address("metrics")}>${storeWords(samples)}</a>` : nothing}${liveDot()}<button
  class="button bare" aria-label=${keyLabel} title=${keyLabel} @click=${() => void askForKey()}>${icon("key")}</button><button
  class="button bare" aria-label="Light or dark" title="Light or dark" @click=${turnTheme}>${icon("theme")}</button></div>`;
}

function liveDot(): TemplateResult {
  const live = streamState.get().is === "live";
  return html`<span class=${live ? "live" : "live off"}><i></i>${live ? "Live" : "Not live"}</span>`;
}

function noticeLine(): TemplateResult | typeof nothing {
  const state = streamState.get();
  if (state.is !== "away" || Date.now() - state.since < noticeAfter) return nothing;
  const age = (Date.now() - state.since) / 1_000;
  const next = state.nextTry === null ? "Trying now."
    : `Next try in ${durationOf(Math.max(1, Math.ceil((state.nextTry - Date.now()) / 1_000)))}.`;
  return html`<section class="notice" aria-label="Connection">${icon("warn")}<span><b>Reconnecting.</b> What you see is from
${clockOf(state.since, true)}, ${durationOf(age)} ago. ${next}</span><button class="button plain" @click=${tryNow}>Try
now</button></section>`;
}

// Arrow keys in a short table of which Tab enters one row: they move the focus from row to row.
export function roving(event: KeyboardEvent): void {
  const table = event.currentTarget as HTMLElement;
  const links = [...table.querySelectorAll<HTMLAnchorElement>(".body .row a.id")].filter((link) => link.offsetParent !== null);
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const last = links.length - 1;
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last, PageUp: 0, PageDown: last }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  const target = links[Math.min(last, Math.max(0, next))]!;
  links.forEach((link) => (link.tabIndex = link === target ? 0 : -1));
  target.focus();
}

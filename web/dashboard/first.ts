// Runs before anything is drawn, so that a page never shows in the other theme first.
const chosen = localStorage.getItem("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
export {};

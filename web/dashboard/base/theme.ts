// Light or dark: as the system has it, unless somebody chose.
import { watched } from "./watched.js";

type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = (): Theme => (system.matches ? "dark" : "light");
const chosen = (): Theme | undefined => document.documentElement.dataset.theme as Theme | undefined;

// What is shown now. Canvas charts are drawn again when it changes.
export const theme = watched<Theme>(chosen() ?? systemTheme());
system.addEventListener("change", () => theme.set(chosen() ?? systemTheme()));

// The other one than is shown; what the system has is followed again, not kept.
export function turnTheme(): void {
  const next: Theme = theme.get() === "dark" ? "light" : "dark";
  if (next === systemTheme()) {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("theme");
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
  }
  theme.set(next);
}

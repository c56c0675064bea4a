// @ts-check
/** What a person chose for this browser: light or dark, letters as keys. Nothing of any dispatch. */
import { effect, signal } from "./vendor/preact.js";

/** @param {string} name @param {string} otherwise */
function kept(name, otherwise) {
  const value = signal(localStorage.getItem(name) ?? otherwise);
  effect(() => localStorage.setItem(name, value.value));
  return value;
}

/** `system`, `light` or `dark`. */
export const theme = kept("serai-theme", "system");

/** Whether letters act as keys: `on` or `off`. */
export const letters = kept("serai-letters", "on");

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = signal(dark.matches);
dark.addEventListener("change", () => {
  isDark.value = dark.matches;
});

effect(() => {
  const wanted = theme.value === "system" ? (isDark.value ? "dark" : "light") : theme.value;
  document.documentElement.dataset.theme = wanted;
});

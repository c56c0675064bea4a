// @ts-check
/**
 * Keys, by where they lie (`KeyboardEvent.code`), so that they work under every layout; letters can be switched off.
 */
import { signal, useLayoutEffect } from "./vendor/preact.js";
import { letters } from "./prefs.js";

/**
 * @typedef {{code: string, key: string, label: () => string, act: () => void, shift?: boolean}} Key
 *   `key`: what is printed on the key; `label`: what it does
 */

/** Keys of what is on the screen; the last that came is asked first. */
export const groups = signal(/** @type {Key[][]} */ ([]));

/** Keys that hold as soon and as long as a part is on the screen. @param {Key[]} keys @param {any[]} on when they change */
export function useKeys(keys, on = []) {
  useLayoutEffect(() => {
    groups.value = [...groups.peek(), keys];
    return () => {
      groups.value = groups.peek().filter((/** @type {Key[]} */ each) => each !== keys);
    };
  }, on);
}

const isTyping = (/** @type {EventTarget | null} */ target) =>
  target instanceof HTMLElement &&
    target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
  const isLetter = /^(Key|Digit|Slash)/.test(event.code);
  if (busy || isTyping(event.target) || document.querySelector("dialog[open]") ||
    (isLetter && letters.value === "off")) {
    return;
  }
  for (const keys of [...groups.value].reverse()) {
    const found = keys.find((/** @type {Key} */ each) => each.code === event.code &&
      Boolean(each.shift) === event.shiftKey);
    if (found) {
      event.preventDefault();
      found.act();
      return;
    }
  }
});

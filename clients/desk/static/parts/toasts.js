// @ts-check
/** What was done, or was not, in a corner; a fault stays until it is closed. */
import { html, signal } from "../vendor/preact.js";
import { t } from "../texts.js";
import { Button, Notice } from "./basic.js";

const SHOWN_MS = 8000;
const toasts = signal(/** @type {{id: number, kind: string, title: string, text: string}[]} */ ([]));
let last = 0;

const close = (/** @type {number} */ id) => {
  toasts.value = toasts.value.filter((/** @type {any} */ each) => each.id !== id);
};

/** Say that something was done. */
export function say(/** @type {string} */ title, text = "") {
  const id = ++last;
  toasts.value = [...toasts.value, { id, kind: "good", title, text }];
  setTimeout(close, SHOWN_MS, id);
}

/** Say that something was not done. */
export function complain(/** @type {any} */ fault) {
  toasts.value = [...toasts.value,
    { id: ++last, kind: "bad", title: fault.message, text: [fault.detail, fault.remedy].filter(Boolean).join(" ") }];
}

/** Forget all of them, as when the screen is locked. */
export function forget() {
  toasts.value = [];
}

export const Toasts = () => html`<div class="toasts" role="status" aria-live="polite">
  ${toasts.value.map((/** @type {any} */ each) => html`<${Notice} key=${each.id} kind=${each.kind} title=${each.title}>
    ${each.text && html`<p>${each.text}</p>`}<p><${Button} kind="small plain" icon="x" onClick=${() => close(each.id)}>
      ${t("Close")}<//></p>
  <//>`)}
</div>`;

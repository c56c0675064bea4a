// @ts-check
/** A question that takes the keyboard until it is answered; its words and buttons say what will happen. */
import { html, useEffect, useRef } from "../vendor/preact.js";
import { t } from "../texts.js";
import { Button } from "./basic.js";

/**
 * @param {{title: string, exercise?: boolean, wide?: boolean, onClose: () => void, onSubmit?: (event: Event) => void, children?: any, buttons?: any}} values
 */
export function Dialog({ title, exercise = false, wide = false, onClose, onSubmit, children, buttons }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    onSubmit?.(event);
  };
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    onClose();
  };
  const classes = [wide && "wide", exercise && "game-dialog"].filter(Boolean).join(" ");
  return html`<dialog ref=${ref} class=${classes} aria-labelledby="dialog-title" onCancel=${cancel}>
    <form method="dialog" onSubmit=${submit}>
      ${exercise && html`<p class="game-word">${t("EXERCISE")}</p>`}
      <h2 id="dialog-title">${title}</h2>
      ${children}
      <div class="buttons"><${Button} onClick=${onClose}>${buttons ? t("Cancel") : t("Close")}<//>${buttons}</div>
    </form>
  </dialog>`;
}

/**
 * The officer's own passphrase, never kept by the page.
 * @param {{label?: string, value: string, onInput: (text: string) => void}} values
 */
export function Passphrase({ label, value, onInput }) {
  return html`<div class="field">
    <label for="passphrase">${label ?? t("Your passphrase")}</label>
    <input id="passphrase" class="input" type="password" autocomplete="off" required value=${value}
      onInput=${(/** @type {any} */ event) => onInput(event.target.value)} />
  </div>`;
}

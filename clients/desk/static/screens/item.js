// @ts-check
/** Something of the outbox that has no number: it waits, or came back and can be sent again or given up. */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { t } from "../texts.js";
import { Chip, Fault, Loading } from "../parts/basic.js";
import { Dialog, Passphrase } from "../parts/dialog.js";
import { Moment } from "../parts/moments.js";
import { Doubts, Receipts, Sections } from "../parts/sections.js";
import { say } from "../parts/toasts.js";
import { useAct, useRead } from "../parts/use.js";
import { Actions } from "./reader.js";

/** @param {{id: string, action: any, head: any, onClose: () => void, onDone: () => void}} values */
function Settle({ id, action, head, onClose, onDone }) {
  const [passphrase, setPassphrase] = useState("");
  const review = useRead(action.act === "resend" ? `/items/${encodeURIComponent(id)}/review` : null);
  const { busy, fault, act } = useAct(async () => {
    const typed = passphrase;
    setPassphrase("");
    await post(`/items/${encodeURIComponent(id)}/${action.act}`, { ...(review.value?.shown ? { shown: review.value.shown } : {}), ...(action.needs_passphrase ? { passphrase: typed } : {}) });
    say(action.label);
    onDone();
    onClose();
  });
  const verb = head.exercise ? t("{act}, EXERCISE", { act: action.label }) : action.label;
  return html`<${Dialog} title=${verb} exercise=${head.exercise} onClose=${onClose} onSubmit=${act}
    buttons=${html`<button class=${`button main ${action.danger ? "danger" : ""}`} disabled=${busy || (action.needs_passphrase && !passphrase)}>${verb}</button>`}>
    <p>${head.headline}</p>${action.words && html`<p class="soft">${action.words}</p>`}
    ${review.value?.sections && html`<${Sections} flat sections=${review.value.sections} />`}
    ${action.needs_passphrase && html`<${Passphrase} value=${passphrase} onInput=${setPassphrase} />`}
    <${Fault} fault=${fault} />
  <//>`;
}

/** @param {{id: string, row: any, back: string}} values */
export function Item({ id, row, back }) {
  const { value, fault, again } = useRead(`/items/${encodeURIComponent(id)}`, [row]);
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  if (!value) {
    return fault ? html`<div class="reader"><${Fault} fault=${fault} again=${again} /></div>` : html`<${Loading} />`;
  }
  const head = value.head ?? {};
  return html`<article class="reader" aria-labelledby="item-title">
    <div class="head"><div class="buttons"><a class="button small only-small" href=${back}>${t("Back to the list")}</a>${head.exercise && html`<${Chip} kind="ex">${t("EXERCISE")}<//>`}
      ${head.mark && html`<${Chip} kind=${head.trouble ? "bad" : ""}>${head.mark.label}<//>`}</div>
      <h1 id="item-title" dir="auto">${head.headline || head.kind?.label}</h1>
      <div class="facts"><span>${t("No number yet: it has not gone out.")}</span><span>${t("Written")} <${Moment} time=${head.at} /></span></div></div>
    ${value.actions?.length > 0 && html`<${Actions} actions=${value.actions} onAct=${setAsked} />`}
    <${Doubts} doubts=${value.doubts ?? []} /><${Sections} sections=${value.sections ?? []} /><${Receipts} receipts=${value.receipts} />
    ${asked && html`<${Settle} id=${id} action=${asked} head=${head} onClose=${() => setAsked(null)} onDone=${again} />`}
  </article>`;
}

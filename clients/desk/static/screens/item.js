// @ts-check
/** Something of the outbox that has no number: it waits, or came back and can be sent again or given up. */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { t } from "../texts.js";
import { Chip, Fault, Loading } from "../parts/basic.js";
import { Dialog } from "../parts/dialog.js";
import { Moment } from "../parts/moments.js";
import { Doubts, Receipts, Sections } from "../parts/sections.js";
import { Shown } from "../parts/shown.js";
import { say } from "../parts/toasts.js";
import { useAct, useRead } from "../parts/use.js";
import { Actions } from "./reader.js";

/** @param {{id: string, action: any, head: any, onClose: () => void, onDone: () => void}} values */
function Discard({ id, action, head, onClose, onDone }) {
  const [reason, setReason] = useState("");
  const { busy, fault, act } = useAct(async () => {
    const { words } = await post(`/items/${encodeURIComponent(id)}/discard`, { reason });
    say(action.label, words);
    onDone();
    onClose();
  });
  return html`<${Dialog} title=${action.label} exercise=${head.exercise} onClose=${onClose} onSubmit=${act}
    buttons=${html`<button class="button main danger" disabled=${busy || !reason.trim()}>${action.label}</button>`}>
    <p>${head.headline}</p>
    <div class="field"><label for="reason">${t("Why it is given up")}</label>
      <textarea id="reason" class="input" required value=${reason}
        onInput=${(/** @type {any} */ event) => setReason(event.target.value)}></textarea></div>
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
  const head = value.head;
  const path = `/items/${encodeURIComponent(id)}`;
  const settle = { id, action: asked, head, onClose: () => setAsked(null), onDone: again };
  return html`<article class="reader" aria-labelledby="item-title">
    <div class="head"><div class="buttons"><a class="button small only-small" href=${back}>${t("Back to the list")}</a>
      ${head.exercise && html`<${Chip} kind="ex">${t("EXERCISE")}<//>`}
      <${Chip} kind=${head.trouble ? "bad" : ""}>${head.mark.label}<//></div>
      <h1 id="item-title" dir="auto">${head.headline}</h1>
      <div class="facts"><span>${t("No number yet: it has not gone out.")}</span><span>
        ${t("Written")} <${Moment} time=${head.at} /></span></div></div>
    ${value.actions?.length > 0 && html`<${Actions} actions=${value.actions} onAct=${setAsked} />`}
    <${Doubts} doubts=${value.doubts ?? []} /><${Sections} sections=${value.sections ?? []} />
      <${Receipts} receipts=${value.receipts} />
    ${asked?.act === "resend" && html`<${Shown} ...${settle} label=${asked.label} exercise=${head.exercise}
      look=${() => post(`${path}/review`, { to: [] })}
      sign=${(/** @type {any} */ needed) => post(`${path}/resend`, { to: [], ...needed })} />`}
    ${asked?.act === "discard" && html`<${Discard} ...${settle} />`}
  </article>`;
}

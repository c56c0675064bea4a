// @ts-check
/** Acknowledge or decline: a signed act, under a question that says what will be signed and by whom. */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { t } from "../texts.js";
import { hubLive, session } from "../state.js";
import { Facts, Fault, Notice } from "../parts/basic.js";
import { Dialog } from "../parts/dialog.js";
import { Choices } from "../parts/settings.js";
import { say } from "../parts/toasts.js";
import { useAct } from "../parts/use.js";

/** @param {{action: any, reader: any, digest: string, onClose: () => void, onDone: () => void}} values */
export function Answer({ action, reader, digest, onClose, onDone }) {
  const head = reader.head;
  const isDecline = action.act === "decline";
  const reasons = reader.reasons ?? [];
  const [reason, setReason] = useState("");
  const { busy, fault, act } = useAct(async () => {
    const path = `/dispatches/${encodeURIComponent(digest)}`;
    try {
      if (head.ours) {
        await post(`${path}/seen`);
      } else {
        const said = isDecline ? { outcome: "declined", reason } : { outcome: "acknowledged" };
        await post(`${path}/answer`, { ...said, shown: reader.shown });
      }
    } finally {
      onDone();
    }
    const waits = hubLive.value === true ? "" : t("It goes out when the hub answers.");
    say(t("Signed: {what}, {number}", { what: action.label, number: head.number }), waits);
    onClose();
  });
  const verb = head.exercise ? t("{act}, EXERCISE", { act: action.label }) : action.label;
  const isReady = !busy && (!isDecline || reason);
  return html`<${Dialog} title=${`${verb}: ${head.number}`} exercise=${head.exercise} onClose=${onClose} onSubmit=${act}
    buttons=${html`<button class=${`button main ${isDecline ? "danger" : ""}`} disabled=${!isReady} autofocus>
      ${busy ? t("Signing…") : verb}</button>`}>
    <${Facts} facts=${[[t("Dispatch"), head.headline], [t("From"), head.from?.label],
      [t("Signed by"), session.value.officer]]} />
    <p class="soft">${isDecline ? t("The sender and all recipients see that you decline, and why.")
      : t("The sender sees that an officer has it and acts on it. Only you can say that.")}</p>
    ${isDecline && html`<${Choices} name="reason" legend=${t("Why")} value=${reason} onChoose=${setReason}
      choices=${reasons.map((/** @type {any} */ each) => [each.value, each.label])} />`}
    ${hubLive.value !== true &&
      html`<${Notice} kind="warn">
        ${t("Not connected: it is signed and kept, and goes out by itself when the hub answers.")}<//>`}
    <${Fault} fault=${fault} />
  <//>`;
}

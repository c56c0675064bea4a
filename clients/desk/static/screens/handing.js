// @ts-check
/** Print, write to a file, make evidence: the desk writes into the member's folder, and into its log. */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { t } from "../texts.js";
import { Facts, Fault } from "../parts/basic.js";
import { Dialog, Passphrase } from "../parts/dialog.js";
import { Choices } from "../parts/settings.js";
import { say } from "../parts/toasts.js";
import { useAct } from "../parts/use.js";

/** @param {{action: any, head: any, digest: string, onClose: () => void}} values */
export function Handing({ action, head, digest, onClose }) {
  const [thread, setThread] = useState(true);
  const [permission, setPermission] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [format, setFormat] = useState("json");
  const [isEvidence, isExport] = [action.act === "evidence", action.act === "export"];
  const { busy, fault, act } = useAct(async () => {
    const typed = passphrase;
    setPassphrase("");
    const more = isEvidence ? { thread, passphrase: typed } : isExport ? { format } : {};
    const { file, words } = await post(`/${action.act}`,
      { digests: [digest], ...(permission && { permission }), ...more });
    say(words || action.label, file);
    onClose();
  });
  return html`<${Dialog} title=${`${action.label}: ${head.number}`} exercise=${head.exercise} onClose=${onClose}
    onSubmit=${act}
    buttons=${html`<button class="button main" disabled=${busy || (isEvidence && !passphrase)}>${action.label}
      </button>`}>
    <${Facts} facts=${[[t("Dispatch"), head.headline], [t("Handling"), head.handling?.label]]} />
    <p class="soft">${t("The desk writes it into the member's folder on this machine, and notes in its log who did so.")}
      </p>
    <div class="field"><label for="permission">
      ${t("Where its provider has permitted this, if its handling code does not")}</label>
      <input id="permission" class="input" dir="auto" value=${permission}
        onInput=${(/** @type {any} */ event) => setPermission(event.target.value)} /></div>
    ${isExport && html`<${Choices} name="format" legend=${t("Form of the file")} value=${format} onChoose=${setFormat}
      choices=${[["json", "JSON"], ["ids-csv", t("Rows of seizures (CSV)")], ["cap", t("Alert (CAP, XML)")]]} />`}
    ${isEvidence && html`<div><label class="choice">
      <input type="checkbox" checked=${thread} onChange=${() => setThread(!thread)} /><span>
        ${t("With its whole thread")}</span></label></div>
      <${Passphrase} value=${passphrase} onInput=${setPassphrase} />`}
    <${Fault} fault=${fault} />
  <//>`;
}

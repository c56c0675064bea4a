// @ts-check
/** How this desk is: findings with what to do, alarms with their evidence, versions and licences. */
import { html, useEffect, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { n, t } from "../texts.js";
import { link } from "../router.js";
import { look } from "../sound.js";
import { part } from "../state.js";
import { Button, Chip, Fault, Icon, Loading, Nothing, Notice } from "../parts/basic.js";
import { Dialog, Passphrase } from "../parts/dialog.js";
import { Moment } from "../parts/moments.js";
import { Sections } from "../parts/sections.js";
import { Shown } from "../parts/shown.js";
import { say } from "../parts/toasts.js";
import { useAct, useRead } from "../parts/use.js";

/** What was found, and what to do. */
const drawFinding = (/** @type {any} */ each) => html`<${Notice} kind=${each.level} title=${each.title}>
  ${each.text && html`<p>${each.text}</p>`}${each.remedy && html`<p>${each.remedy}</p>`}<//>`;

export function Health() {
  const { value, fault, again } = useRead("/health");
  const alarms = part("alarms")?.order.length ?? 0;
  const findings = /** @type {any[]} */ (value?.findings ?? []);
  const good = findings.filter((each) => each.level === "good");
  return html`<div class="page"><div class="title"><h1>${t("Health")}</h1><a class="button" href=${link("alarms")}>
    <${Icon} name="bell" />${t("Alarms: {count}", { count: alarms })}</a><${Button} icon="refresh-cw" onClick=${again}>
      ${t("Look again")}<//></div>
    <${Fault} fault=${fault} again=${again} />
    ${!value && !fault && html`<${Loading} />`}
    ${findings.filter((each) => each.level !== "good").map(drawFinding)}
    ${good.length > 0 && html`<details class="card finds"><summary>${n("{count} thing is as it should be",
      "{count} things are as they should be", good.length)}</summary>${good.map(drawFinding)}</details>`}
    <${Sections} sections=${value?.sections ?? []} />
    ${value?.licences?.length > 0 &&
      html`<details class="card"><summary><b>${t("What this program is made of")}</b></summary>
        <div class="table-box" tabindex="0"><table><thead><tr><th>${t("Part")}</th><th>${t("Version")}</th><th>
          ${t("Licence")}</th></tr></thead>
      <tbody>${value.licences.map((/** @type {any} */ each) =>
        html`<tr><td>${each.name}</td><td>${each.version}</td><td>${each.licence}</td></tr>`)}</tbody></table></div>
          </details>`}
  </div>`;
}

/** @param {{alarm: any, action: any, onClose: () => void, onDone: () => void}} values */
function CloseAlarm({ alarm, action, onClose, onDone }) {
  const [reason, setReason] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const { busy, fault, act } = useAct(async () => {
    const typed = passphrase;
    setPassphrase("");
    await post(`/alarms/${alarm.id}/close`, { reason, passphrase: typed });
    say(t("The alarm is closed, with your reason."));
    onDone();
    onClose();
  });
  return html`<${Dialog} title=${t("Close this alarm")} onClose=${onClose} onSubmit=${act}
    buttons=${html`<button class="button main" disabled=${busy || !reason.trim() || !passphrase}>
      ${action?.label ?? t("Close the alarm")}</button>`}>
    <p><b>${alarm.title}</b></p><div class="field"><label for="reason">${t("What was found, and what was done")}</label>
      <textarea id="reason" class="input" required value=${reason}
        onInput=${(/** @type {any} */ event) => setReason(event.target.value)}></textarea></div>
    <${Passphrase} value=${passphrase} onInput=${setPassphrase} /><${Fault} fault=${fault} /><//>`;
}

/** @param {{row: any}} values */
function Alarm({ row }) {
  const [isOpen, setOpen] = useState(false);
  const [isClosing, setClosing] = useState(false);
  const [isSigning, setSigning] = useState(false);
  const { value, fault, again } = useRead(isOpen ? `/alarms/${row.id}` : null, [row]);
  const close = (value?.actions ?? []).find((/** @type {any} */ each) => each.act === "close");
  return html`<section class="card"><div class="title"><h2>${row.title}</h2><${Chip} kind="bad">${row.code}<//>
    <${Moment} time=${row.at} /></div>
    ${row.detail && html`<p>${row.detail}</p>`}${row.remedy && html`<p><b>${t("What to do")}:</b> ${row.remedy}</p>`}
    <div class="buttons">
      ${row.code === "unsigned" &&
        html`<${Button} kind="small main" icon="pencil" onClick=${() => setSigning(true)}>
          ${t("Look at what waits, and sign")}<//>`}
      
      <${Button} kind="small" icon=${isOpen ? "chevron-down" : "chevron-right"}
        aria-expanded=${isOpen ? "true" : "false"} onClick=${() => setOpen(!isOpen)}>${t("Evidence")}<//>
      <${Button} kind="small" icon="check" disabled=${Boolean(close?.why_not)} onClick=${() => setClosing(true)}>
        ${t("Close the alarm…")}<//></div>
    ${isOpen && html`<${Fault} fault=${fault} again=${again} />${!value && !fault && html`<${Loading} />`}
      <${Sections} flat sections=${value?.sections ?? []} />`}
    ${isSigning && html`<${Shown} label=${t("Sign what waits")} look=${() => post("/signatures/review")}
      sign=${(/** @type {any} */ needed) => post("/signatures/sign", needed)} onClose=${() => setSigning(false)}
        onDone=${again} />`}
    ${isClosing && html`<${CloseAlarm} alarm=${row} action=${close} onClose=${() => setClosing(false)} onDone=${again}
      />`}</section>`;
}

export function Alarms() {
  const list = part("alarms");
  useEffect(look, [list]);
  const rows = (list?.order ?? []).map((/** @type {string} */ id) => list.rows[id]).filter(Boolean);
  return html`<div class="page"><div class="title"><a class="button small plain" href=${link("health")}>
    <${Icon} name="arrow-left" />${t("Health")}</a><h1>${t("Alarms")}</h1></div>
    <p class="soft">${t("An alarm is something that somebody must look at. Closing one says what was found; it is kept with your name.")}
      </p>
    ${!list ? html`<${Loading} />` : rows.length === 0
      ? html`<${Nothing} icon="bell" title=${t("No alarm is open.")} />`
        : rows.map((/** @type {any} */ row) => html`<${Alarm} key=${row.id} row=${row} />`)}
    ${list?.left_out > 0 && html`<p class="soft">${t("Not shown: {count}.", { count: list.left_out })}</p>`}</div>`;
}

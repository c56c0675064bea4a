// @ts-check
/** The smallest parts: icons, chips, buttons, notices, what is empty, what loads, what failed. */
import { h, html } from "../vendor/preact.js";
import { ICONS } from "../vendor/icons.js";
import { t } from "../texts.js";
import { stale } from "../state.js";

/** A picture beside a word; a reader that speaks skips it. */
export function Icon(/** @type {{name: string}} */ { name }) {
  const shapes = /** @type {any} */ (ICONS)[name] ?? [];
  return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    shapes.map((/** @type {[string, any]} */ [tag, values]) => h(tag, values)));
}

/** @param {{kind?: string, icon?: string, children?: any, [name: string]: any}} values */
export function Button({ kind = "", icon, children, ...rest }) {
  return html`<button type="button" class=${`button ${kind}`} ...${rest}>${icon && html`<${Icon} name=${icon} />`}
    ${children}</button>`;
}

/** @param {{kind?: string, icon?: string, children?: any}} values */
export function Chip({ kind = "", icon, children }) {
  return html`<span class=${`chip ${kind}`}>${icon && html`<${Icon} name=${icon} />`}${children}</span>`;
}

const PRECEDENCE_ICONS = { flash: "octagon-alert", immediate: "triangle-alert" };

/** How urgent it is: the urgent ones with a shape, in capitals. */
export function Precedence(/** @type {{word: {value: string, label: string} | null}} */ { word }) {
  if (!word) {
    return null;
  }
  const icon = /** @type {any} */ (PRECEDENCE_ICONS)[word.value];
  return html`<${Chip} kind=${word.value} icon=${icon}>${icon ? word.label.toUpperCase() : word.label}<//>`;
}

const NOTICE_ICONS = { bad: "octagon-alert", warn: "triangle-alert", good: "circle-check", info: "info" };

/** @param {{kind?: string, title?: string, children?: any, role?: string}} values */
export function Notice({ kind = "info", title, children, role }) {
  return html`<div class=${`notice ${kind}`} role=${role}>
    <${Icon} name=${/** @type {any} */ (NOTICE_ICONS)[kind]} /><div>${title && html`<b>${title}</b>`}${children}</div>
  </div>`;
}

/** What the desk did not do: what happened, and what to do. */
export function Fault(/** @type {{fault: any, again?: () => void}} */ { fault, again }) {
  if (!fault) {
    return null;
  }
  return html`<${Notice} kind="bad" title=${fault.message} role="alert">
    ${fault.detail && fault.detail !== fault.message && html`<p>${fault.detail}</p>`}
      ${fault.remedy && html`<p>${fault.remedy}</p>`}
    ${again && html`<p><${Button} kind="small" icon="refresh-cw" onClick=${again}>${t("Try again")}<//></p>`}
  <//>`;
}

/** @param {{icon: string, title: string, children?: any}} values */
export function Empty({ icon, title, children }) {
  return html`<div class="empty"><${Icon} name=${icon} /><b>${title}</b>${children}</div>`;
}

export const Loading = () =>
  html`<div class="empty" role="status"><${Icon} name="timer" /><p>${t("Loading…")}</p></div>`;

/** A list that has nothing: nothing, or not known. */
export function Nothing(/** @type {{icon: string, title: string, children?: any}} */ { icon, title, children }) {
  if (stale.value) {
    return html`<${Empty} icon="unplug" title=${t("Not known")}><p>
      ${t("The desk does not answer: something may have come.")}</p><//>`;
  }
  return html`<${Empty} icon=${icon} title=${title}>${children}<//>`;
}

/** A list of names and values. @param {{facts: [string, any][]}} values */
export const Facts = ({ facts }) =>
  html`<dl class="facts-list">
    ${facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) =>
      html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

/** The sign of the house, and whose desk it is. @param {{children?: any}} values */
export const Brand = ({ children }) => html`<div class="brand">
  <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#0a587a" />
    <path d="M6 26V9h3v3h3V9h3v3h2V9h3v3h3V9h3v17h-6v-5a4 4 0 0 0-8 0v5z" fill="#fff" /></svg>
  <div><b>Serai</b><span>${children}</span></div>
</div>`;

// @ts-check
/** A question of a form, drawn by its type; whatever the desk asks can be answered here. */
import { html } from "../vendor/preact.js";
import { t } from "../texts.js";
import { Button, Icon } from "./basic.js";

/** What a question says of the Enter key is for a terminal. */
const FOR_A_TERMINAL = / ?\([^()]*Enter[^()]*\)/;

/** So many codes are shown at once; more are a list to choose from. */
const AT_ONCE = 6;

/**
 * Whether a question is asked, after what was answered. Pure; the desk judges again.
 * @param {{after?: string}} field
 * @param {Record<string, string>} answers
 */
export function isDue(field, answers) {
  const [key, value] = (field.after ?? "").split("=");
  return !key || (value === undefined ? Boolean(answers[key]) : answers[key] === value);
}

const HINTS = /** @type {Record<string, () => string>} */ ({
  moment: () => t("UTC, as 2026-12-31T14:30Z"),
  date: () => t("As 2026-12-31"),
  country: () => t("Two letters, as KZ"),
  member: () => t("As KZ/NFP"),
});

/**
 * @param {{field: any, value: string, id: string, onInput: (text: string) => void, wrong: boolean,
 *   described: string}} values
 */
function Entry({ field, value, id, onInput, wrong, described }) {
  const input = (/** @type {any} */ event) => onInput(event.target.value);
  const common = { id, value, onInput: input, class: "input", "aria-invalid": wrong ? "true" : undefined,
    "aria-describedby": described || undefined, "aria-required": field.needed ? "true" : undefined, spellcheck: true };
  if (field.type === "long") {
    return html`<textarea ...${common} dir="auto" rows="4"></textarea>`;
  }
  const kinds = /** @type {Record<string, any>} */ ({ number: { inputmode: "decimal", class: "input short" },
    date: { class: "input short" }, moment: { class: "input short" }, country: { class: "input short" } });
  return html`<input type="text" autocomplete="off" dir="auto" ...${common} ...${kinds[field.type]} />`;
}

/** @param {{field: any, value: string, id: string, onInput: (text: string) => void}} values */
function Codes({ field, value, id, onInput }) {
  if (field.codes.length > AT_ONCE) {
    return html`<select id=${id} class="input" value=${value}
      onChange=${(/** @type {any} */ event) => onInput(event.target.value)}>
      <option value="" selected=${value === ""}>${t("Choose…")}</option>
      ${field.codes.map((/** @type {any} */ code) =>
        html`<option key=${code.value} value=${code.value} selected=${code.value === value}>${code.label}</option>`)}
          </select>`;
  }
  return html`<div class="choices" role="radiogroup" aria-labelledby=${`${id}-label`}>
    ${field.codes.map((/** @type {any} */ code) =>
      html`<label class="choice" key=${code.value}>
        <input type="radio" name=${id} value=${code.value} checked=${code.value === value}
          onChange=${() => onInput(code.value)} /><span>${code.label}</span></label>`)}
    ${value && !field.needed &&
      html`<${Button} kind="small plain" icon="x" onClick=${() => onInput("")}>${t("None of these")}<//>`}</div>`;
}

/**
 * Several of some codes; the answer has them with spaces between.
 * @param {{field: any, value: string, onInput: (text: string) => void}} values
 */
function Ticks({ field, value, onInput }) {
  const ticked = value.split(" ").filter(Boolean);
  const flip = (/** @type {string} */ code) =>
    onInput((ticked.includes(code) ? ticked.filter((each) => each !== code) : [...ticked, code]).join(" "));
  return html`<div class="choices">
    ${field.codes.map((/** @type {any} */ code) =>
      html`<label class="choice" key=${code.value}>
        <input type="checkbox" checked=${ticked.includes(code.value)} onChange=${() => flip(code.value)} /><span>
          ${code.label}</span></label>`)}</div>`;
}

/** @param {{field: any, value: string | undefined, onInput: (text: string) => void, wrong?: boolean}} values */
export function Field({ field, value, onInput, wrong = false }) {
  const id = `f-${field.key}`;
  const hint = HINTS[field.type]?.() ?? "";
  const help = [field.help !== field.label ? field.help : "", hint].filter(Boolean).join(" · ");
  const isTicks = field.type === "ticks";
  const isRadio = field.codes && (isTicks || field.codes.length <= AT_ONCE);
  const label = html`${field.label.replace(FOR_A_TERMINAL, "")}
    ${field.needed ? html` <span class="soft">(${t("needed")})</span>` : null}`;
  const described = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  const shown = value ?? field.value ?? "";
  return html`<div class="field">
    ${isRadio ? html`<span class="label" id=${`${id}-label`}>${label}</span>` : html`<label for=${id}>${label}</label>`}
    ${isTicks ? html`<${Ticks} field=${field} value=${shown} onInput=${onInput} />` : field.codes
      ? html`<${Codes} field=${field} value=${shown} id=${id} onInput=${onInput} />`
        : html`<${Entry} field=${field} value=${shown} id=${id} onInput=${onInput} wrong=${wrong}
          described=${described} />`}
    ${field.suggested && !shown &&
      html`<p class="help">
        ${t("If you leave this: {value}", { value: field.suggested })} <${Button} kind="small plain" icon="check"
          onClick=${() => onInput(field.suggested)}>${t("Take it")}<//></p>`}
    ${help && html`<p class="help" id=${`${id}-help`}>${help}</p>`}
    ${wrong && html`<p class="unfit" id=${`${id}-wrong`}><${Icon} name="triangle-alert" />
      ${t("This has another form than it must have.")}</p>`}
  </div>`;
}

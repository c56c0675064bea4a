// @ts-check
/** Who gets it and how it is marked: members that cannot get it say why. */
import { html } from "../vendor/preact.js";
import { t } from "../texts.js";
import { Icon } from "./basic.js";
import { Choices } from "./settings.js";

/** Within how many minutes a reply may be asked for. */
const REPLY = () => [["", t("No reply is asked for")], ["30", t("30 minutes")], ["120", t("2 hours")],
  ["720", t("12 hours")], ["1440", t("24 hours")], ["4320", t("3 days")]];

/** @param {{members: any[], chosen: string[], onChange: (to: string[]) => void}} values */
function Recipients({ members, chosen, onChange }) {
  const flip = (/** @type {string} */ value) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  const shut = members.filter((each) => each.can === false);
  return html`<fieldset><legend>${t("To")} <span class="soft">(${t("needed")})</span></legend>
    <div class="choices">
      ${members.map((each) =>
        html`<label class="choice" key=${each.value}>
          <input type="checkbox" checked=${chosen.includes(each.value)} disabled=${each.can === false}
            onChange=${() => flip(each.value)} />
      <span>${each.can === false && html`<${Icon} name="lock" />`}${each.label}</span></label>`)}</div>
    ${shut.length > 0 && html`<ul class="soft">${shut.map((each) => html`<li>${each.label}: ${each.why}</li>`)}</ul>`}
  </fieldset>`;
}

const pairs = (/** @type {any[]} */ words) =>
  words.map((word) => /** @type {[string, string]} */ ([word.value, word.label]));

/** @param {{choices: any, cover: any, onChange: (values: any) => void}} values */
export function CoverFields({ choices, cover, onChange }) {
  return html`<section class="card"><h2>${t("Who gets it, and how urgent it is")}</h2><div class="fields">
    ${choices.to && html`<${Recipients} members=${choices.to} chosen=${cover.to ?? []}
      onChange=${(/** @type {string[]} */ to) => onChange({ to })} />`}
    ${choices.precedence &&
      html`<${Choices} name="precedence" legend=${t("How urgent")} value=${cover.precedence ?? ""}
        choices=${pairs(choices.precedence)} onChoose=${(/** @type {string} */ precedence) => onChange({ precedence })}
          />`}
    ${choices.handling &&
      html`<${Choices} name="handling" legend=${t("What recipients may do with it")} value=${cover.handling ?? ""}
        choices=${pairs(choices.handling)} onChoose=${(/** @type {string} */ handling) => onChange({ handling })} />`}
    ${choices.reply_minutes && html`<div class="field"><label for="reply">${t("A reply is wanted within")}</label>
      <select id="reply" class="input short" value=${String(cover.reply_minutes ?? "")}
        onChange=${(/** @type {any} */ event) =>
          onChange({ reply_minutes: event.target.value ? Number(event.target.value) : null })}>
        ${REPLY().map(([value, label]) =>
          html`<option key=${value} value=${value} selected=${value === String(cover.reply_minutes ?? "")}>${label}
            </option>`)}</select></div>`}
    ${choices.legs && html`<${Several} legend=${t("Legs on which is decided")} words=${choices.legs}
      chosen=${cover.legs ?? []} onChange=${(/** @type {string[]} */ legs) => onChange({ legs })} />`}
    ${choices.step && html`<div class="field"><label for="step">${t("On which step")}</label>
      <select id="step" class="input" value=${cover.step ?? ""}
        onChange=${(/** @type {any} */ event) => onChange({ step: event.target.value })}>
        <option value="" selected=${!cover.step}>${t("The one that is meant")}</option>
        ${choices.step.map((/** @type {any} */ each) =>
          html`<option key=${each.value} value=${each.value} selected=${each.value === cover.step}>${each.label}
            </option>`)}</select></div>`}
    ${choices.to_all && html`<${Tick} label=${t("To all others who got it, too")} value=${Boolean(cover.to_all)}
      onChange=${(/** @type {boolean} */ value) => onChange({ to_all: value })} />`}
    ${choices.by_machine &&
      html`<${Tick} label=${t("Signed by the member's own key, without an officer")} value=${Boolean(cover.by_machine)}
        onChange=${(/** @type {boolean} */ value) => onChange({ by_machine: value })} />`}
    ${choices.permission &&
      html`<div class="field"><label for="permission">${t("Where its provider has permitted to pass it on")}</label>
      <input id="permission" class="input" dir="auto" value=${cover.permission ?? ""}
        onInput=${(/** @type {any} */ event) => onChange({ permission: event.target.value })} /></div>`}
  </div></section>`;
}

/** @param {{label: string, value: boolean, onChange: (value: boolean) => void}} values */
const Tick = ({ label, value, onChange }) =>
  html`<div><label class="choice"><input type="checkbox" checked=${value} onChange=${() => onChange(!value)} /><span>
    ${label}</span></label></div>`;

/** @param {{legend: string, words: any[], chosen: string[], onChange: (chosen: string[]) => void}} values */
function Several({ legend, words, chosen, onChange }) {
  const flip = (/** @type {string} */ value) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return html`<fieldset><legend>${legend}</legend><div class="choices">
    ${words.map((each) =>
      html`<label class="choice" key=${each.value}>
        <input type="checkbox" checked=${chosen.includes(each.value)} onChange=${() => flip(each.value)} /><span>
          ${each.label}</span></label>`)}</div></fieldset>`;
}

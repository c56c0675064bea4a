// @ts-check
/** What a person chooses for this browser: language, light or dark, letters as keys. */
import { html } from "../vendor/preact.js";
import { post } from "../api.js";
import { letters, theme } from "../prefs.js";
import { session } from "../state.js";
import { language, speak, t } from "../texts.js";
import { complain } from "./toasts.js";
import { Dialog } from "./dialog.js";

/**
 * @param {{name: string, legend: string, value: string, choices: [string, string][],
 *   onChoose: (value: string) => void, disabled?: string[]}} values
 */
export function Choices({ name, legend, value, choices, onChoose, disabled = [] }) {
  return html`<fieldset><legend>${legend}</legend><div class="choices">
    ${choices.map(([code, label]) =>
      html`<label class="choice" key=${code}>
        <input type="radio" name=${name} value=${code} checked=${code === value} disabled=${disabled.includes(code)}
      onChange=${() => onChoose(code)} /><span>${label}</span></label>`)}
  </div></fieldset>`;
}

async function choose(/** @type {string} */ wanted) {
  try {
    await post("/session/language", { language: wanted });
    session.value = { ...session.value, language: wanted };
    await speak(wanted);
  } catch (fault) {
    complain(fault);
  }
}

/** Each language in its own words. */
export const Languages = () =>
  html`<${Choices} name="language" legend=${t("Language")} value=${language.value}
    choices=${[["en", "English"], ["ru", "Русский"]]} onChoose=${choose} />`;

/** @param {{onClose: () => void}} values */
export function Settings({ onClose }) {
  return html`<${Dialog} title=${session.value.officer} onClose=${onClose}>
    <${Languages} />
    <${Choices} name="theme" legend=${t("Light")} value=${theme.value}
      onChoose=${(/** @type {string} */ value) => { theme.value = value; }}
      choices=${[["system", t("As this machine")], ["light", t("Light page")], ["dark", t("Dark page")]]} />
    <${Choices} name="letters" legend=${t("Letters as keys")} value=${letters.value}
      onChoose=${(/** @type {string} */ value) => { letters.value = value; }}
      choices=${[["on", t("On")], ["off", t("Off")]]} />
    <p class="soft">${t("Serai {version}, seat {seat} of {member}",
      { version: session.value.version, seat: session.value.seat, member: session.value.member })}</p>
  <//>`;
}

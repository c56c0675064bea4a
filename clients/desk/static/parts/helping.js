// @ts-check
/** The keys of what is on the screen; the proof of the sound. */
import { html } from "../vendor/preact.js";
import { groups } from "../keys.js";
import { letters } from "../prefs.js";
import { chosen, sound, tryOut } from "../sound.js";
import { t } from "../texts.js";
import { Button, Notice } from "./basic.js";
import { Dialog } from "./dialog.js";

/** @param {{onClose: () => void}} values */
export function Help({ onClose }) {
  const keys = [...groups.value].reverse().flat();
  return html`<${Dialog} title=${t("Keys")} onClose=${onClose}>
    ${letters.value === "off" &&
      html`<${Notice} kind="info">${t("Letters are switched off in your settings; Tab, arrows, Enter and Esc work.")}
        <//>`}
    <div class="table-box" tabindex="0"><table><thead><tr><th>${t("Key")}</th><th>${t("What it does")}</th></tr></thead>
      <tbody>
      <tr><td><kbd>↑</kbd> <kbd>↓</kbd></td><td>${t("up and down in a list")}</td></tr>
      <tr><td><kbd>Enter</kbd></td><td>${t("open; opening acknowledges nothing")}</td></tr>
      ${keys.map((key) => html`<tr><td><kbd>${key.key}</kbd></td><td>${key.label()}</td></tr>`)}
    </tbody></table></div>
    <p class="soft">${t("Keys go by their place on the keyboard, so they work under a Russian layout too.")}</p>
  <//>`;
}

/** @param {{onClose: () => void}} values */
export function SoundProof({ onClose }) {
  const hear = () => {
    chosen.value = "on";
    onClose();
  };
  const off = () => {
    chosen.value = "off";
    onClose();
  };
  return html`<${Dialog} title=${t("Sound of this console")} onClose=${onClose}>
    <p>${t("At the start of a shift, prove that you hear it. Press “Sound it”. Do you hear three tones?")}</p>
    <div class="buttons">
      <${Button} icon="volume-2" kind=${sound.value === "on" ? "" : "main"} onClick=${tryOut}>${t("Sound it")}<//>
      <${Button} icon="check" onClick=${hear}>${t("I hear it")}<//>
      <${Button} icon="volume-x" onClick=${off}>${t("Sound off")}<//>
    </div>
    ${sound.value === "blocked" &&
      html`<${Notice} kind="bad" title=${t("BLOCKED: the browser lets no sound through.")}><p>
        ${t("Allow sound for this page in the browser, and look at the machine's volume.")}</p><//>`}
    <p class="soft">${t("The desk's own program rings too, if it was started with --on-urgent: nothing depends on this page alone.")}
      </p>
  <//>`;
}

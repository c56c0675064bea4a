// @ts-check
/** Opening a window with the one-time code, and unlocking it with an officer's passphrase. */
import { html, useEffect, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { n, t } from "../texts.js";
import { beat, hubLive, part, phase, session, stale, staleSince } from "../state.js";
import { Brand, Button, Chip, Fault, Notice } from "../parts/basic.js";
import { Passphrase } from "../parts/dialog.js";
import { clockText } from "../parts/moments.js";
import { useAct } from "../parts/use.js";
import { Languages } from "../parts/settings.js";

/** @param {{enter: (found: any) => void}} values */
export function Closed({ enter }) {
  const [code, setCode] = useState("");
  const { busy, fault, act } = useAct(async (given) => enter(await post("/session/open", { code: given })));
  useEffect(() => {
    const given = decodeURIComponent(location.hash.slice(1));
    if (given) {
      history.replaceState(null, "", location.pathname + location.search);
      act(given);
    }
  }, []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act(code);
  };
  return html`<main class="gate"><form class="card" onSubmit=${submit}>
    <${Brand}>${t("Desk of a focal point")}<//>
    <h1>${t("Open this window")}</h1>
    <p class="soft">${t("Type the code that serai desk has printed. Each code opens one window.")}</p>
    <div class="field"><label for="code">${t("Code")}</label>
      <input id="code" class="input" required autocomplete="off" autocapitalize="characters" spellcheck=${false}
        value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></div>
    <${Fault} fault=${fault} />
    <button class="button main" disabled=${busy}>${t("Open")}</button>
  </form></main>`;
}

/** What a locked screen may show: that something waits, and not what. */
function Waiting() {
  const counts = part("counts");
  if (!beat.value) {
    return null;
  }
  const doubt = stale.value || hubLive.value !== true ? "?" : "";
  const urgent = counts?.actual?.urgent ?? 0;
  const alarms = counts?.alarms ?? 0;
  return html`<div class="counts" role="status">
    <${Chip} kind=${urgent ? "bad" : ""} icon="inbox">${n("{count} urgent waits", "{count} urgent wait", urgent)}
      ${doubt}<//>
    <${Chip} kind=${alarms ? "bad" : ""} icon="bell">${n("{count} alarm", "{count} alarms", alarms)}${doubt}<//>
    <${Chip} kind=${hubLive.value ? "good" : "bad"} icon=${hubLive.value ? "link" : "link-2-off"}>
      ${hubLive.value === null ? t("hub not known") : hubLive.value ? t("hub connected") : t("hub NOT CONNECTED")}<//>
  </div>
  ${stale.value && html`<${Notice} kind="bad" title=${t("STALE since {time}", { time: clockText(staleSince.value) })}
    />`}`;
}

/** Why the screen is locked, where a person did not do it. */
const whyText = (/** @type {string} */ why) =>
  ({ idle: t("Locked by itself: no key was pressed for ten minutes."),
    other: t("Locked: an officer has unlocked another screen of this desk.") })[why] ?? "";

/** @param {{enter: (found: any) => void}} values */
export function Locked({ enter }) {
  const { officers = [], usual_officer: usual, member, network_status: status, why } = session.value;
  const [officer, setOfficer] = useState(usual ?? officers[0] ?? "");
  const [passphrase, setPassphrase] = useState("");
  const { busy, fault, act } = useAct(async () => {
    const typed = passphrase;
    setPassphrase("");
    enter(await post("/session/unlock", { officer, passphrase: typed }));
  });
  useEffect(() => document.getElementById("passphrase")?.focus(), []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act();
  };
  return html`<main class=${`gate ${status === "exercise" ? "exercise" : ""}`}><form class="card" onSubmit=${submit}>
    <${Brand}>${member}<//>
    ${status === "exercise" && html`<p class="game-word">${t("EXERCISE")}</p>`}
    <h1>${t("Unlock the desk")}</h1>
    ${whyText(why) && html`<${Notice} kind="warn">${whyText(why)}<//>`}
    <${Waiting} />
    ${officers.length === 0 &&
      html`<${Notice} kind="warn" title=${t("No officer has a key here.")}><p>
        ${t("The administrator adds one with serai officer add.")}</p><//>`}
    <div class="field"><label for="officer">${t("Officer")}</label>
      <select id="officer" class="input" value=${officer}
        onChange=${(/** @type {any} */ event) => setOfficer(event.target.value)}>
        ${officers.map((/** @type {string} */ each) =>
          html`<option key=${each} value=${each} selected=${each === officer}>${each}</option>`)}</select></div>
    <${Passphrase} value=${passphrase} onInput=${setPassphrase} />
    <${Fault} fault=${fault} />
    <button class="button main" disabled=${busy || !officers.length}>${busy ? t("Opening the key…") : t("Unlock")}
      </button>
    <p class="soft">${t("Your key stays open until you lock, or until no key is pressed for ten minutes.")}</p>
    <${Languages} />
  </form></main>`;
}

export const Starting = () =>
  html`<main class="gate"><div class="card"><${Brand}>${t("Desk of a focal point")}<//><p role="status">
    ${phase.value === "unreachable" ? t("The desk does not answer.") : t("Loading…")}</p>
  ${phase.value === "unreachable" &&
    html`<${Button} icon="refresh-cw" onClick=${() => location.reload()}>${t("Try again")}<//>`}</div></main>`;

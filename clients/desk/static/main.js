// @ts-check
/** The page: who is at it, and the screen that its address names. */
import { html, render, useEffect, useState } from "./vendor/preact.js";
import { get, onLocked, post, token } from "./api.js";
import { useKeys } from "./keys.js";
import { start, stop } from "./live.js";
import { go, link, route } from "./router.js";
import { part, phase, session } from "./state.js";
import { language, speak, t } from "./texts.js";
import { Help, SoundProof } from "./parts/helping.js";
import { Settings } from "./parts/settings.js";
import { Shell } from "./parts/shell.js";
import { complain, forget } from "./parts/toasts.js";
import { Empty } from "./parts/basic.js";
import { Closed, Locked, Starting } from "./screens/unlock.js";
import { loadAll } from "./parts/later.js";
import { SAME, SCREENS } from "./screens/all.js";

/** So long after the page is open what is opened more seldom is loaded; milliseconds. */
const LATER_MS = 2_000;

/** No key is told to the desk more often than this; milliseconds. */
const TOUCH_MS = 20_000;

/** Take what the desk said of the session, and show what it allows. */
async function enter(/** @type {any} */ found) {
  if (found.token) {
    token.set(found.token);
  }
  session.value = { ...found, token: undefined };
  if (found.language !== language.value) {
    await speak(found.language);
  }
  phase.value = found.unlocked ? "open" : "locked";
  if (!found.unlocked) {
    forget();
  }
  if (found.network_status === "exercise" && !route.value.exercise) {
    go(link("inbox", true), { replace: true });
  }
  start(look);
}

/** Ask who is at the screen. */
async function look() {
  try {
    await enter(await get("/session"));
  } catch (fault) {
    stop();
    const isUnknown = /** @type {any} */ (fault).status > 0;
    if (isUnknown) {
      token.drop();
    }
    phase.value = isUnknown ? "closed" : "unreachable";
  }
}

async function lock() {
  try {
    await post("/session/lock");
  } catch (fault) {
    complain(fault);
  }
  await look();
}

function Screen() {
  const { screen, args, query, exercise } = route.value;
  const found = SCREENS[screen];
  return found
    ? html`<${found} key=${`${SAME[screen] ?? screen} ${exercise}`} args=${args} query=${query} exercise=${exercise} />`
    : html`<${Empty} icon="map-pin" title=${t("There is no such screen.")}><a href=${link("inbox")}>${t("To the inbox")}
      </a><//>`;
}

function Open() {
  const [dialog, setDialog] = useState("");
  useEffect(() => {
    const timer = setTimeout(loadAll, LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  const close = () => setDialog("");
  const to = (/** @type {string} */ target) => () => go(link(target));
  useKeys([
    { code: "Digit1", key: "1", label: () => t("Inbox"), act: to("inbox") },
    { code: "Digit2", key: "2", label: () => t("Sent"), act: to("sent") },
    { code: "Digit3", key: "3", label: () => t("Operations"), act: to("operations") },
    { code: "KeyN", key: "N", label: () => t("New"), act: to("compose") },
    { code: "Slash", key: "/", label: () => t("Search"), act: to("search") },
    { code: "Slash", key: "?", shift: true, label: () => t("Keys and help"), act: () => setDialog("help") },
    { code: "KeyL", key: "Shift L", shift: true, label: () => t("Lock"), act: lock },
  ]);
  return html`<${Shell} onSound=${() => setDialog("sound")} onHelp=${() => setDialog("help")}
    onMenu=${() => setDialog("settings")} onLock=${lock}>
    <${Screen} />
    ${dialog === "help" && html`<${Help} onClose=${close} />`}
    ${dialog === "sound" && html`<${SoundProof} onClose=${close} />`}
    ${dialog === "settings" && html`<${Settings} onClose=${close} />`}
  <//>`;
}

function Page() {
  const isLocked = part("session")?.unlocked === false;
  document.title = [session.value.network_status === "exercise" || route.value.exercise ? "EX" : "",
    session.value.member, "Serai"].filter(Boolean).join(" · ");
  if (phase.value === "open" && !isLocked) {
    return html`<${Open} />`;
  }
  if (phase.value === "open" || phase.value === "locked") {
    return html`<${Locked} key=${session.value.why} enter=${enter} />`;
  }
  return phase.value === "closed" ? html`<${Closed} enter=${enter} />` : html`<${Starting} />`;
}

let touched = 0;
function touch() {
  if (phase.value === "open" && Date.now() - touched > TOUCH_MS) {
    touched = Date.now();
    post("/session/touch").catch(() => {});
  }
}
addEventListener("keydown", touch);
addEventListener("pointerdown", touch);
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));

onLocked(look);
await speak(document.documentElement.lang);
render(html`<${Page} />`, /** @type {HTMLElement} */ (document.getElementById("page")));
if (token.get()) {
  look();
} else {
  phase.value = "closed";
}

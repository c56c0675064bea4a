// @ts-check
/** What stands around every screen: rail with badges, bar with clock and lamps. */
import { html } from "../vendor/preact.js";
import { t } from "../texts.js";
import { link, route } from "../router.js";
import { beat, countsOf, doubtful, hubLive, now, part, session, stale, staleSince } from "../state.js";
import { sound } from "../sound.js";
import { Brand, Button, Icon } from "./basic.js";
import { clockText, dayText, localText } from "./moments.js";
import { Bands } from "./bands.js";
import { Toasts } from "./toasts.js";

/**
 * A count that carries a question mark where it may be wrong.
 * @param {{count: number | undefined, hot?: boolean, name: string}} values
 */
export function Badge({ count, hot = false, name }) {
  if (!count && !(doubtful.value && hot)) {
    return null;
  }
  const text = `${count ?? 0}${doubtful.value ? "?" : ""}`;
  return html`<span class=${`badge ${hot && count ? "hot" : ""}`} title=${name}>${text}<span class="unseen"> ${name}
    </span></span>`;
}

/**
 * A place in the rail.
 * @param {{to: string, icon: string, children: any, screens: string[], badge?: any, kind?: string}} values
 */
function Place({ to, icon, children, screens, badge, kind = "" }) {
  const here = screens.includes(route.value.screen);
  return html`<a class=${kind} href=${link(to)} aria-current=${here ? "page" : undefined}><${Icon} name=${icon} /><span>
    ${children}</span>${badge}</a>`;
}

function Rail() {
  const { exercise } = route.value;
  const [counts, other] = [countsOf(), countsOf(!exercise)];
  const alarms = part("counts")?.alarms;
  const isGame = session.value.network_status === "exercise";
  return html`<nav class="rail" aria-label=${t("Screens")}>
    <${Brand}>${session.value.member}<//>
    <${Place} to="compose" icon="plus" screens=${["compose", "draft"]} kind="new">${t("New")}<//>
    <${Place} to="inbox?lane=urgent" icon="inbox" screens=${["inbox", "dispatch"]}
      badge=${html`<${Badge} count=${counts.urgent} hot name=${t("urgent, waiting for an officer")} />`}>${t("Inbox")}
        <//>
    <${Place} to="sent?show=undone" icon="send" screens=${["sent", "item"]}
      badge=${html`<${Badge} count=${(counts.undone ?? 0) + (counts.returned ?? 0)} hot name=${t("sent and not done")}
        />`}>${t("Sent")}<//>
    <${Place} to="operations" icon="route" screens=${["operations", "operation"]}
      badge=${html`<${Badge} count=${counts.operations_red} hot name=${t("operations with something red")} />`}>
        ${t("Operations")}<//>
    <${Place} to="search" icon="search" screens=${["search"]}>${t("Search")}<//>
    <${Place} to="directory" icon="book-user" screens=${["directory", "profile"]}>${t("Directory")}<//>
    <${Place} to="health" icon="heart-pulse" screens=${["health", "alarms"]}
      badge=${html`<${Badge} count=${alarms} hot name=${t("open alarms")} />`}>${t("Health")}<//>
    <div class="foot">
      ${!isGame && html`<a href=${link("inbox", !exercise)}><${Icon} name=${exercise ? "shield" : "flag"} /><span>
        ${exercise ? t("To what is real") : t("Exercises")}</span>
        <${Badge} count=${other.urgent} hot=${exercise} name=${t("urgent, waiting for an officer")} /></a>`}
    </div>
  </nav>`;
}

/** @param {{state: string, name: string, word: string, since?: number}} values */
function Lamp({ state, name, word, since }) {
  return html`<div class=${`lamp ${state}`}><i></i><b>${name}</b> ${word}
    ${since ? html` <span>${t("since {time}", { time: clockText(since, false) })}</span>` : null}</div>`;
}

/** Page to desk, desk to hub: two things that can fail, each in words. */
function Lamps() {
  const hub = hubLive.value;
  return html`<div class="lamps" role="group" aria-label=${t("Connections")}>
    <${Lamp} state=${stale.value ? "bad" : "good"} name=${t("Desk")} word=${stale.value ? t("silent") : t("live")}
      since=${staleSince.value} />
    <${Lamp} state=${hub === null ? "unknown" : hub ? "good" : "bad"} name=${t("Hub")}
      word=${hub === null ? t("not known") : hub ? t("connected") : t("NOT CONNECTED")}
        since=${hub === null ? 0 : beat.value?.hub?.since_ms} />
  </div>`;
}

const SOUND_ICONS = { on: "volume-2", off: "volume-x", blocked: "bell-off", unproven: "volume-x" };

/** @param {{onSound: () => void, onHelp: () => void, onLock: () => void, onMenu: () => void}} values */
function Bar({ onSound, onHelp, onLock, onMenu }) {
  const words = { on: t("Sound ON"), off: t("Sound OFF"), blocked: t("Sound BLOCKED"),
    unproven: t("Sound not proven") };
  return html`<header class="bar">
    <div class="clock"><b>${clockText(now.value)}</b><span>${dayText(now.value)}</span><span class="local soft">
      ${localText(now.value)}</span></div>
    <span class="gap"></span>
    <${Lamps} />
    <${Button} kind=${`small ${sound.value === "on" ? "plain" : "danger"}`}
      icon=${SOUND_ICONS[/** @type {keyof typeof SOUND_ICONS} */ (sound.value)]} onClick=${onSound}>
        ${words[/** @type {keyof typeof words} */ (sound.value)]}<//>
    <${Button} kind="small plain" icon="circle-question-mark" onClick=${onHelp}><span class="unseen">
      ${t("Keys and help")}</span><//>
    <${Button} kind="small plain" icon="user" onClick=${onMenu}>${(session.value.officer ?? "").split("/").at(-1)}<//>
    <${Button} kind="small" icon="lock" onClick=${onLock}>${t("Lock")}<//>
  </header>`;
}

/**
 * The frame around a screen.
 * @param {{children: any, onSound: () => void, onHelp: () => void, onLock: () => void, onMenu: () => void}} values
 */
export function Shell({ children, ...acts }) {
  const { exercise } = route.value;
  return html`<div class=${`desk ${exercise ? "exercise" : ""}`}>
    <${Bands} />
    <${Rail} />
    <${Bar} ...${acts} />
    <main class="main" id="main" tabindex="-1">${children}</main>
    ${exercise && html`<div class="watermark"></div><div class="frame"></div>`}
    ${stale.value && html`<div class="hatched"></div>`}
    <${Toasts} />
  </div>`;
}

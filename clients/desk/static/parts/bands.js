// @ts-check
/** Bands across the top: exercise, stale, what rings, real traffic that waits, what is wrong with the line. */
import { html } from "../vendor/preact.js";
import { n, t } from "../texts.js";
import { link, route } from "../router.js";
import { countsOf, now, part, staleSince } from "../state.js";
import { ringing, silence, silentUntil } from "../sound.js";
import { Button, Icon } from "./basic.js";
import { clockText, spell } from "./moments.js";

/** So many alarms within so long are one thing, by their cause. */
export const MANY = 10;
export const WINDOW_MS = 600_000;

/**
 * Alarms by cause where there are many at once, one by one otherwise; the first that came stands first. Pure.
 * @param {{id: string, code: string, at: {ms: number}}[]} rows
 * @returns {{first: any, count: number}[]}
 */
export function groupAlarms(rows) {
  const sorted = [...rows].sort((a, b) => a.at.ms - b.at.ms);
  const isFlood = sorted.some((row, at) => at >= MANY - 1 && row.at.ms - sorted[at - MANY + 1].at.ms <= WINDOW_MS);
  if (!isFlood) {
    return sorted.map((first) => ({ first, count: 1 }));
  }
  const groups = new Map();
  for (const row of sorted) {
    const group = groups.get(row.code) ?? { first: row, count: 0 };
    groups.set(row.code, { ...group, count: group.count + 1 });
  }
  return [...groups.values()];
}

function Exercise() {
  return route.value.exercise && html`<div class="band game">${t("EXERCISE · EXERCISE · EXERCISE")}</div>`;
}

/** Real traffic shows over exercises, never the other way round. */
function RealWaits() {
  const urgent = route.value.exercise ? countsOf(false).urgent : 0;
  return (
    urgent > 0 &&
    html`<div class="band alarm" role="alert"><${Icon} name="octagon-alert" />
      <p>${n("REAL: {count} urgent dispatch waits for an officer",
        "REAL: {count} urgent dispatches wait for an officer", urgent)}</p>
      <a class="button danger small" href=${link("inbox?lane=urgent", false)}>${t("Open what is real")}</a></div>`
  );
}

function Stale() {
  const since = staleSince.value;
  return (
    since > 0 &&
    html`<div class="band stale" role="alert"><${Icon} name="unplug" />
      <p>${t("STALE since {time}: the desk does not answer. What you see may be old, and nothing new is shown.",
        { time: clockText(since) })}</p></div>`
  );
}

function Rings() {
  const { urgent, alarms } = ringing.value;
  const shown = urgent.filter((/** @type {any} */ row) => row.exercise === route.value.exercise);
  const left = silentUntil.value - now.value;
  const quiet = left > 0 ? html`<span>${t("silent here for {time}", { time: spell(left) })}</span>`
    : html`<${Button} kind="small" icon="bell-off" onClick=${silence}>${t("Silence 60 s")}<//>`;
  if (shown.length) {
    const [row] = shown;
    return html`<div class="band alarm" role="alert"><${Icon} name="bell-ring" />
      <p class="one-line">${row.precedence?.label.toUpperCase()} ${row.number} · ${row.from?.label} · ${row.headline}
        ${shown.length > 1 ? ` · ${n("{count} more", "{count} more", shown.length - 1)}` : ""}</p>
      ${quiet}<a class="button danger small" href=${link(`dispatch/${row.id}`)}>${t("Open the first")}</a></div>`;
  }
  if (alarms.length) {
    const groups = groupAlarms(alarms);
    return html`<div class="band alarm" role="alert"><${Icon} name="bell-ring" />
      <p>${t("ALARM")}: ${groups[0].first.title}
        ${groups.length > 1 || groups[0].count > 1 ? ` · ${n("{count} more", "{count} more", alarms.length - 1)}` : ""}
          </p>
      ${quiet}<a class="button danger small" href=${link("alarms")}>${t("Open alarms")}</a></div>`;
  }
  return null;
}

/** What is wrong with the line, in the desk's words. */
function Line() {
  const line = part("line");
  if (!line || staleSince.value > 0) {
    return null;
  }
  const words = [line.fault].filter(Boolean);
  if (line.nobody_rings) {
    words.push(t("NOBODY RINGS: no process of this member is connected to the hub. What you send waits here; what others send is not here."));
  } else if (!line.connected) {
    words.push(t("NOT CONNECTED to the hub: what you send waits here and goes out by itself; what others send is not here yet."));
  }
  return words.map((word) => html`<div class="band note"><${Icon} name="unplug" /><p>${word}</p></div>`);
}

export const Bands = () =>
  html`<aside class="bands" aria-label=${t("Notices")}><${Exercise} /><${Stale} /><${RealWaits} /><${Rings} />
    <${Line} /></aside>`;

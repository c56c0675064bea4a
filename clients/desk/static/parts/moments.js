// @ts-check
/** Times: UTC first, then local with its zone; clocks that count to a moment, then up. */
import { html } from "../vendor/preact.js";
import { language, t } from "../texts.js";
import { now } from "../state.js";

/**
 * @typedef {{ms: number, utc: string, local?: string | null, zone?: string | null}} Time
 */

/** A moment as the desk words it. @param {{time: Time | null | undefined, local?: boolean}} values */
export function Moment({ time, local = true }) {
  if (!time) {
    return null;
  }
  const place = local && time.local ? html` <span class="local">${time.local} ${time.zone}</span>` : null;
  return html`<time class="moment" datetime=${new Date(time.ms).toISOString()}><b>${time.utc}</b>${place}</time>`;
}

/** `1:02:03` of milliseconds, or `2 d 3 h` where it is long. */
export function spell(/** @type {number} */ ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  const [d, hours, minutes] = [Math.floor(s / 86400), Math.floor((s % 86400) / 3600), Math.floor((s % 3600) / 60)];
  if (d > 0) {
    return t("{days} d {hours} h", { days: d, hours });
  }
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** Counts to a named moment, then up. @param {{time: Time | null | undefined}} values */
export function CountDown({ time }) {
  if (!time) {
    return null;
  }
  const left = time.ms - now.value;
  return left >= 0
    ? html`<span class="count-down">${t("in {time}", { time: spell(left) })}</span>`
    : html`<span class="count-down over">${t("OVERDUE by {time}", { time: spell(left) })}</span>`;
}

/** `12:04:31Z` of the desk's clock. */
export const clockText = (/** @type {number} */ ms, seconds = true) =>
  `${new Date(ms).toISOString().slice(11, seconds ? 19 : 16)}Z`;

/** A moment of which the desk told only the milliseconds. @returns {Time} */
export const timeOf = (/** @type {number} */ ms) => ({ ms, utc: `${clockText(ms, false)} ${dayText(ms)}` });

/** The day in UTC, in words. */
export const dayText = (/** @type {number} */ ms) =>
  new Intl.DateTimeFormat(language.value,
    { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" }).format(ms);

/** The time at this machine, with the name of its zone. */
export function localText(/** @type {number} */ ms) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(ms)} ${zone}`;
}

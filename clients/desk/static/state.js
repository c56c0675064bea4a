// @ts-check
/** What the page holds: the session, the desk's state as it came, and whether that can still be believed. */
import { computed, signal } from "./vendor/preact.js";
import { route } from "./router.js";

/** `starting`, `closed` (no session in this browser), `locked` (officer must unlock), `open`. */
export const phase = signal("starting");

/** What `GET /api/session` said. */
export const session = signal(/** @type {any} */ ({}));

/** The state and its number; null until the first snapshot. */
export const held = signal(/** @type {import("./reducer.js").Held} */ (null));

/** The last beat; `hub` says how the line is. */
export const beat = signal(/** @type {any} */ (null));

/** Since when nothing came from the desk, milliseconds since 1970 UTC by its own clock; 0 while it is live. */
export const staleSince = signal(0);

/** What is added to this browser's clock to have the desk's. */
export const skew = signal(0);

/** The desk's time, moved on once a second. */
export const now = signal(Date.now());

export const part = (/** @type {string} */ name) => held.value?.state[name];

/** Whether what is shown may be old. */
export const stale = computed(() => staleSince.value > 0);

/** Whether the hub answers: true, false, or null where that is not known. */
export const hubLive = computed(() => (stale.value || beat.value === null ? null : Boolean(beat.value.hub?.connected)));

/** Whether counts may be wrong, and carry a question mark. */
export const doubtful = computed(() => stale.value || hubLive.value !== true);

const EMPTY = { order: [], rows: {}, left_out: 0 };

/**
 * Rows of a list that are of the space where the page is: actual or exercise, never both.
 * @param {string} name of the part
 * @returns {any[]}
 */
export function rowsOf(name, exercise = route.value.exercise) {
  const list = part(name) ?? EMPTY;
  return list.order.map((/** @type {string} */ id) => list.rows[id]).filter((/** @type {any} */ row) => row &&
    row.exercise === exercise);
}

/** Badges of a space. */
export function countsOf(exercise = route.value.exercise) {
  return part("counts")?.[exercise ? "exercise" : "actual"] ?? {};
}

// @ts-check
/**
 * The sound of this console. It is proven by an officer who hears it; it sounds again until what rings is acknowledged,
 * looked at, or silenced for a minute. The desk's own process rings too (`--on-urgent`): nothing hangs on a tab.
 */
import { computed, effect, signal } from "./vendor/preact.js";
import { now, part, phase } from "./state.js";

const SILENCE_MS = 60_000;
const AGAIN_MS = 5_000;

/** `unproven` until an officer heard it, then `on`; `off` by choice. */
export const chosen = signal("unproven");

/** What the browser lets through. */
const running = signal(false);

/** Until when this console is silent, milliseconds since 1970 UTC by the desk's clock. */
export const silentUntil = signal(0);

/** Alarms that somebody looked at on this console, by their number. */
const seen = signal(/** @type {Set<string>} */ (new Set()));

/** `on`, `off`, `blocked` (the browser lets no sound through), `unproven`. */
export const sound = computed(() => (chosen.value === "on" && !running.value ? "blocked" : chosen.value));

/** What rings: real first, flash first, then the oldest. */
export const ringing = computed(() => {
  const [inbox, alarms] = [part("inbox"), part("alarms")];
  const urgent = (inbox?.order ?? []).map((/** @type {string} */ id) =>
    inbox.rows[id]).filter((/** @type {any} */ row) => row?.lane === "urgent");
  const open = (alarms?.order ?? []).map((/** @type {string} */ id) =>
    alarms.rows[id]).filter((/** @type {any} */ row) => row && !seen.value.has(row.id));
  const rank = (/** @type {any} */ row) => [row.exercise, row.precedence?.value !== "flash"].map(Number).join("");
  urgent.sort((/** @type {any} */ a, /** @type {any} */ b) => rank(a).localeCompare(rank(b)) || a.at.ms - b.at.ms);
  return { urgent, alarms: open };
});

const isLoud = computed(() => phase.value === "open" &&
  ringing.value.urgent.length + ringing.value.alarms.length > 0 && now.value >= silentUntil.value);

/** @type {AudioContext | null} */
let context = null;

/** Two tones; a third, deeper pair for what is an exercise. */
function tone(isExercise = false) {
  if (!context) {
    return;
  }
  const at = context.currentTime;
  const notes = isExercise ? [392, 330] : [880, 660, 880];
  notes.forEach((hertz, order) => {
    const [wave, level] = [/** @type {AudioContext} */ (context).createOscillator(),
      /** @type {AudioContext} */ (context).createGain()];
    const start = at + order * 0.22;
    wave.frequency.value = hertz;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(0.3, start + 0.02);
    level.gain.linearRampToValueAtTime(0, start + 0.2);
    wave.connect(level).connect(/** @type {AudioContext} */ (context).destination);
    wave.start(start);
    wave.stop(start + 0.21);
  });
}

/** Sound once, so that an officer can say that it is heard; needs a click or a key. */
export async function tryOut() {
  context ??= new AudioContext();
  context.onstatechange = () => {
    running.value = context?.state === "running";
  };
  await context.resume().catch(() => {});
  running.value = context.state === "running";
  tone();
}

/** Be silent for a minute at this console; what is new breaks it. */
export function silence() {
  silentUntil.value = now.peek() + SILENCE_MS;
}

/** The alarms that are open were looked at. */
export function look() {
  const all = part("alarms")?.order ?? [];
  if (all.some((/** @type {string} */ id) => !seen.peek().has(id))) {
    seen.value = new Set([...seen.peek(), ...all]);
  }
}

let known = new Set();
effect(() => {
  const ids = new Set([...ringing.value.urgent, ...ringing.value.alarms].map((row) => row.id));
  if ([...ids].some((id) => !known.has(id))) {
    silentUntil.value = 0;
  }
  known = ids;
});

let last = 0;
effect(() => {
  if (isLoud.value && sound.value === "on" && now.value - last >= AGAIN_MS) {
    last = now.value;
    tone(ringing.value.alarms.length === 0 && ringing.value.urgent.every((/** @type {any} */ row) => row.exercise));
  }
});

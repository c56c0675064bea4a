// @ts-check
/**
 * What the desk's state is after a message of its socket. Pure: the same cases run here and in Python
 * (`clients/desk/state.py`).
 *
 * @typedef {{order: string[], rows: Record<string, any>, left_out: number}} ListPart
 * @typedef {Record<string, any>} DeskState by the name of the part
 * @typedef {{seq: number, state: DeskState} | null} Held null until the first snapshot
 */

/** The message is of no use: the page must ask for a snapshot. */
export const RESYNC = Symbol("resync");

const PLAIN = new Set(["line", "counts", "session", "news"]);
const LISTS = new Set(["inbox", "sent", "operations", "alarms"]);

/**
 * @param {Held} held
 * @param {any} message as it came
 * @returns {Held | typeof RESYNC}
 */
export function reduce(held, message) {
  if (message?.type === "snapshot" && Number.isSafeInteger(message.seq)) {
    return { seq: message.seq, state: message.state };
  }
  if (message?.type === "beat") {
    return held !== null && message.seq === held.seq ? held : RESYNC;
  }
  if (message?.type !== "event" || held === null || message.seq !== held.seq + 1) {
    return RESYNC;
  }
  const { kind } = message;
  if (PLAIN.has(kind)) {
    return { seq: message.seq, state: { ...held.state, [kind]: message.value } };
  }
  if (LISTS.has(kind)) {
    return { seq: message.seq, state: { ...held.state, [kind]: changeList(held.state[kind], message) } };
  }
  return RESYNC;
}

/**
 * @param {ListPart | undefined} list
 * @param {any} change rows that are new or other, ids that are gone, the order if it is another
 * @returns {ListPart}
 */
function changeList(list, change) {
  const rows = { ...list?.rows, ...change.rows };
  for (const id of change.gone ?? []) {
    delete rows[id];
  }
  return { rows, order: change.order ?? list?.order ?? [], left_out: change.left_out ?? list?.left_out ?? 0 };
}

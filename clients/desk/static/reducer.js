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
  if ("value" in message) {
    return { seq: message.seq, state: { ...held.state, [kind]: message.value } };
  }
  if ("rows" in message) {
    return { seq: message.seq, state: { ...held.state, [kind]: changeList(held.state[kind], message) } };
  }
  return RESYNC;
}

/**
 * @param {ListPart | undefined} list
 * @param {any} change rows that are new or other, ids that are gone, the order if it is another, what is beside them
 * @returns {ListPart}
 */
function changeList(list, change) {
  const { type: _type, seq: _seq, kind: _kind, rows, gone, order, ...rest } = change;
  const isGone = new Set(gone);
  const kept = Object.entries(list?.rows ?? {}).filter(([id]) => !isGone.has(id));
  return { ...rest, rows: Object.fromEntries([...kept, ...Object.entries(rows)]), order: order ?? list?.order ?? [] };
}

// @ts-check
/**
 * The socket to the desk: snapshot, events, beats. What is not in order is asked for anew; where no beat comes for five
 * seconds the page says that it is stale, by its own timer, after sleep too.
 */
import { token } from "./api.js";
import { reduce, RESYNC } from "./reducer.js";
import { beat, held, now, phase, skew, staleSince } from "./state.js";

/** No beat for so long means that what is shown may be old; milliseconds. */
export const STALE_MS = 5000;
const TICK_MS = 500;
const RETRY_MS = [200, 500, 1000, 2000];

/** Why the desk closed the socket: the screen is another's, or of another language; it does not know this page. */
const LOCKED = 4401;
const UNKNOWN = 4403;

/** @type {WebSocket | null} */
let socket = null;
let tries = 0;
let lastTick = Date.now();
let lastBeat = Date.now();
let lastTurn = -1;
let retry = 0;
let asked = false;

/** @type {(() => void)} */
let whenLocked = () => {};

/** Connect anew, and stay connected until `stop`. */
export function start(/** @type {() => void} */ onLocked) {
  stop();
  whenLocked = onLocked;
  lastBeat = lastTick = Date.now();
  connect();
}

/** Let go of everything that came. */
export function stop() {
  clearTimeout(retry);
  const line = socket;
  socket = null;
  line?.close();
  held.value = beat.value = null;
  staleSince.value = 0;
}

function connect() {
  clearTimeout(retry);
  const line = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live`);
  socket = line;
  asked = false;
  line.onopen = () => line.send(JSON.stringify({ token: token.get() }));
  line.onmessage = (event) => line === socket && take(JSON.parse(event.data));
  line.onclose = (event) => line === socket && lost(event.code);
}

function lost(/** @type {number} */ code) {
  socket = null;
  if (code === LOCKED || code === UNKNOWN) {
    phase.value = "starting";
    held.value = beat.value = null;
    whenLocked();
    return;
  }
  retry = setTimeout(connect, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
}

function take(/** @type {any} */ message) {
  const next = reduce(held.value, message);
  if (next === RESYNC) {
    if (!asked) {
      asked = true;
      socket?.send(JSON.stringify({ type: "resync" }));
    }
    return;
  }
  if (message.type === "snapshot") {
    asked = false;
    tries = 0;
  }
  held.value = /** @type {any} */ (next);
  if (message.type === "beat") {
    live(message);
  }
}

/** A beat counts only if the desk's own work went on since the last: a desk that is stuck still beats. */
function live(/** @type {any} */ message) {
  const at = Date.now();
  skew.value = message.now_ms - at;
  beat.value = message;
  now.value = message.now_ms;
  if (message.desk_ms !== lastTurn) {
    lastTurn = message.desk_ms;
    lastBeat = at;
    staleSince.value = 0;
  }
  watchVersion(message.version);
}

/** A newer program has newer pages: this one gives way as soon as nobody types. */
function watchVersion(/** @type {string} */ version) {
  const first = sessionStorage.getItem("serai-version") ?? version;
  sessionStorage.setItem("serai-version", version);
  if (version !== first && !document.activeElement?.matches("input, textarea, select")) {
    location.reload();
  }
}

setInterval(() => {
  const at = Date.now();
  const slept = at - lastTick > STALE_MS;
  lastTick = at;
  if (phase.value !== "open" && phase.value !== "locked") {
    return;
  }
  now.value = at + skew.value;
  if (Math.abs(at - lastBeat) > STALE_MS && staleSince.value === 0) {
    staleSince.value = lastBeat + skew.value;
  }
  if (slept && socket !== null) {
    socket.onclose = null;
    socket.close();
    connect();
  }
}, TICK_MS);

// @ts-check
/** Where the page is: `/desk/SCREEN/ARG` for what is real, `/exercise/SCREEN/ARG` for exercises, which never mix. */
import { computed, signal } from "./vendor/preact.js";

const SPACES = { actual: "/desk", exercise: "/exercise" };

/** Path and query, as in the address bar. */
const here = signal(location.pathname + location.search);

/** @typedef {{exercise: boolean, screen: string, args: string[], query: URLSearchParams}} Route */

/** The screen and what it shows. */
export const route = computed(() => read(here.value));

/** @returns {Route} */
export function read(/** @type {string} */ address) {
  const [path, search = ""] = address.split("?");
  const [, space, screen, ...args] = path.split("/");
  return {
    exercise: space === "exercise",
    screen: screen || "inbox",
    args: args.filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(search),
  };
}

/**
 * The address of a screen.
 * @param {string} target `inbox`, `dispatch/DIGEST`, `search?text=x`; each part encoded already
 * @param {boolean} [exercise] as where the page is, if not said
 */
export const link = (target, exercise = route.value.exercise) =>
  `${SPACES[exercise ? "exercise" : "actual"]}/${target}`;

/** @param {string} address made by `link` */
export function go(address, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, "", address);
  } else if (address !== here.value) {
    history.pushState(null, "", address);
  }
  here.value = address;
}

export function back(/** @type {string} */ otherwise) {
  if (history.length > 1) {
    history.back();
  } else {
    go(link(otherwise));
  }
}

addEventListener("popstate", () => {
  here.value = location.pathname + location.search;
});

document.addEventListener("click", (event) => {
  const anchor = /** @type {HTMLElement} */ (event.target).closest?.("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!(anchor instanceof HTMLAnchorElement) || !plain || anchor.origin !== location.origin || anchor.target ||
    anchor.hash) {
    return;
  }
  event.preventDefault();
  go(anchor.pathname + anchor.search);
});

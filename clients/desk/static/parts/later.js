// @ts-check
/** Screens that are loaded when somebody opens them first, or when nothing else is to be done. */
import { html, signal, useEffect } from "../vendor/preact.js";
import { t } from "../texts.js";
import { Fault, Loading } from "./basic.js";

/** @type {(() => void)[]} */
const all = [];

/**
 * A screen of a module that is loaded later.
 * @param {() => Promise<any>} load
 * @param {string} name of the screen in its module
 */
export function later(load, name) {
  const module = signal(/** @type {any} */ (null));
  const fault = signal(/** @type {any} */ (null));
  const fetchIt = () => {
    fault.value = null;
    load().then(
      (found) => {
        module.value = found;
      },
      () => {
        const message = t("This screen could not be loaded.");
        fault.value = { message, remedy: t("Wait until the lamp says that the desk is live, then do it again.") };
      },
    );
  };
  all.push(fetchIt);
  return (/** @type {any} */ values) => {
    useEffect(() => {
      if (!module.value) {
        fetchIt();
      }
    }, []);
    if (module.value) {
      return html`<${module.value[name]} ...${values} />`;
    }
    return fault.value ? html`<div class="page"><${Fault} fault=${fault.value} again=${fetchIt} /></div>`
      : html`<${Loading} />`;
  };
}

/** Load all of them: a screen that is here opens though the desk is busy. */
export function loadAll() {
  all.forEach((fetchIt) => fetchIt());
}

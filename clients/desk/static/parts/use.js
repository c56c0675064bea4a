// @ts-check
/** What a screen reads from the desk, and how that goes. */
import { useCallback, useEffect, useRef, useState } from "../vendor/preact.js";
import { get } from "../api.js";

/**
 * Read something; read it again when `on` changes, without showing nothing in between.
 * @param {string | null} path null reads nothing
 * @param {any[]} [on]
 */
export function useRead(path, on = []) {
  const [read, setRead] = useState(/** @type {{path: string | null, value: any, fault: any}} */ ({ path: null,
    value: null, fault: null }));
  const asked = useRef(0);
  const again = useCallback(() => {
    const number = ++asked.current;
    if (path === null) {
      return;
    }
    get(path).then(
      (value) => number === asked.current && setRead({ path, value, fault: null }),
      (fault) => number === asked.current &&
        setRead((/** @type {any} */ before) => ({ path, value: before.path === path ? before.value : null, fault })),
    );
  }, [path]);
  useEffect(again, [path, ...on]);
  const isOurs = read.path === path;
  return { value: isOurs ? read.value : null, fault: isOurs ? read.fault : null, again };
}

/** An act under way: its fault, and whether to wait. @param {(...args: any[]) => Promise<any>} work */
export function useAct(work) {
  const [state, setState] = useState(/** @type {{busy: boolean, fault: any}} */ ({ busy: false, fault: null }));
  const act = async (/** @type {any[]} */ ...args) => {
    setState({ busy: true, fault: null });
    try {
      const value = await work(...args);
      setState({ busy: false, fault: null });
      return value;
    } catch (fault) {
      setState({ busy: false, fault });
      return undefined;
    }
  };
  return { ...state, act };
}

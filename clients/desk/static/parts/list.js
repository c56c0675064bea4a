// @ts-check
/**
 * A list of which only what is in sight is drawn. What arrives moves nothing that is held: new rows wait behind a button
 * unless the list is at its top and nothing in it is focused or open.
 */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { n } from "../texts.js";
import { Button } from "./basic.js";

/** Rows drawn above and below what is in sight. */
const MORE = 6;

/** Where the list is scrolled to is looked at in steps of so many rows: each step draws it anew. */
const STEP = 4;

/** So near its end a list asks for more, in rows. */
const NEAR = 20;

/**
 * What a list shows of what there is: the rows that it showed, in their order, without those that are gone, and what
 * comes after all of them. Pure.
 * @param {string[]} shown
 * @param {string[]} order as it is
 * @param {boolean} isHeld whether something in the list is held
 * @returns {{shown: string[], waiting: number}} the next rows, and how many new ones wait
 */
export function settle(shown, order, isHeld) {
  if (!isHeld) {
    return { shown: order, waiting: 0 };
  }
  const [places, before] = [new Map(order.map((id, at) => [id, at])), new Set(shown)];
  const kept = shown.filter((id) => places.has(id));
  const last = kept.reduce((most, id) => Math.max(most, places.get(id) ?? -1), -1);
  const fresh = order.filter((id) => !before.has(id));
  const after = fresh.filter((id) => (places.get(id) ?? -1) > last);
  return { shown: [...kept, ...after], waiting: fresh.length - after.length };
}

/**
 * @param {{rows: any[], open?: string, draw: (row: any, props: any) => any, label: string, foot?: any, empty: any,
 *   onEnd?: () => void}} values
 *   `open`: id of the row that is open beside the list; `draw` is called with what its link must have; `onEnd` is
 *   called where the end of the list comes into sight
 */
export function List({ rows, open = "", draw, label, foot, empty, onEnd }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [view, setView] = useState({ first: 0, isTop: true, height: 800, size: 76 });
  const [focus, setFocus] = useState(/** @type {string | null} */ (null));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const order = rows.map((row) => row.id);
  const held = useRef({ shown: order });
  const isHeld = !view.isTop || focus !== null || (open !== "" && byId.has(open));
  const { shown, waiting } = settle(held.current.shown, order, isHeld && held.current.shown.length > 0);
  held.current.shown = shown;

  const measure = () => {
    const node = box.current;
    if (node) {
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const size = parseFloat(getComputedStyle(node).getPropertyValue("--row")) * rem;
      const first = Math.floor(node.scrollTop / size / STEP) * STEP;
      const next = { first, isTop: node.scrollTop <= 4, height: node.clientHeight, size };
      setView((/** @type {any} */ before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    }
  };
  useLayoutEffect(measure, []);
  useEffect(() => {
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  useLayoutEffect(() => {
    const at = focus === null ? -1 : shown.indexOf(focus);
    const link = at < 0 ? null
      : /** @type {HTMLElement | null} */ (box.current?.querySelector(`[data-at="${at}"] > a`));
    if (link && document.activeElement !== link && box.current?.contains(document.activeElement)) {
      link.focus({ preventScroll: true });
    }
  });

  const showNew = () => {
    held.current.shown = order;
    setFocus(null);
    box.current?.scrollTo({ top: 0 });
    measure();
  };
  const move = (/** @type {KeyboardEvent} */ event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
    const step = /** @type {any} */ (steps)[event.code];
    if (step === undefined || !shown.length) {
      return;
    }
    event.preventDefault();
    const at = focus === null ? -1 : shown.indexOf(focus);
    const next = Math.max(0, Math.min(shown.length - 1, at + step));
    setFocus(shown[next]);
    const node = /** @type {HTMLDivElement} */ (box.current);
    const top = next * view.size;
    if (top < node.scrollTop) {
      node.scrollTop = top;
    } else if (top + view.size > node.scrollTop + node.clientHeight) {
      node.scrollTop = top + view.size - node.clientHeight;
    }
  };

  const first = Math.max(0, view.first - MORE);
  const last = Math.min(shown.length, view.first + STEP + Math.ceil(view.height / view.size) + MORE);
  useEffect(() => {
    if (shown.length > 0 && last > shown.length - NEAR) {
      onEnd?.();
    }
  });
  const inSight = new Set(Array.from({ length: Math.max(0, last - first) }, (_each, at) => first + at));
  const focusAt = focus === null ? -1 : shown.indexOf(focus);
  if (focusAt >= 0) {
    inSight.add(focusAt);
  }
  const tabStop = focusAt >= 0 ? focusAt : Math.max(0, shown.indexOf(open));
  const blur = (/** @type {FocusEvent} */ event) => {
    if (!box.current?.contains(/** @type {Node} */ (event.relatedTarget)) && event.relatedTarget !== null) {
      setFocus(null);
    }
  };
  return html`
    ${waiting > 0 && html`<div class="waiting" role="status"><${Button} kind="small" icon="bell" onClick=${showNew}>
      ${n("{count} new: show it", "{count} new: show them", waiting)}<//></div>`}
    <div class="scroll" ref=${box} onScroll=${measure} onKeyDown=${move} onFocusOut=${blur}>
      ${shown.length === 0 ? empty
        : html`<ol class="rows" aria-label=${label} style=${{ height: `${shown.length * view.size}px` }}>
        ${[...inSight].sort((a, b) => a - b).map((at) => {
          const id = shown[at];
          const props = { tabIndex: at === tabStop || inSight.size < 2 ? 0 : -1, "aria-current": id === open ? "true"
            : undefined, onFocus: () => setFocus(id) };
          const { kind, link } = draw(byId.get(id), props);
          return html`<li key=${id} class=${`row ${kind}`} data-at=${at} style=${{ top: `${at * view.size}px` }}
            aria-setsize=${shown.length} aria-posinset=${at + 1}>${link}</li>`;
        })}
      </ol>`}
    </div>
    ${foot}`;
}

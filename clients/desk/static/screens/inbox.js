// @ts-check
/** What came: lanes, rows, and beside them the dispatch that is open. Opening acknowledges nothing. */
import { html, useState } from "../vendor/preact.js";
import { get, query as withQuery } from "../api.js";
import { t } from "../texts.js";
import { go, link } from "../router.js";
import { countsOf, doubtful, part, rowsOf } from "../state.js";
import { useKeys } from "../keys.js";
import { Button, Chip, Empty, Icon, Loading, Nothing, Precedence } from "../parts/basic.js";
import { List } from "../parts/list.js";
import { CountDown, Moment } from "../parts/moments.js";
import { complain } from "../parts/toasts.js";
import { Reader } from "./reader.js";

const MARK_ICONS = /** @type {Record<string, string>} */ ({
  open: "bell", acknowledged: "check", declined: "x", cancelled: "undo-2", answered: "reply",
    unreadable: "shield-alert", plain: "mail",
});

/** A row of what came. @param {any} row @param {any} props @param {string} target */
export function drawRow(row, props, target) {
  const isHot = row.lane === "urgent";
  const mark = row.mark ?? { value: "plain", label: "" };
  const kind = [isHot && "hot", ["acknowledged", "declined"].includes(mark.value) && "done",
    mark.value === "cancelled" && "gone"].filter(Boolean).join(" ");
  const link = html`<a href=${target} ...${props}>
    <span class="mark"><${Icon} name=${MARK_ICONS[mark.value] ?? (isHot ? "bell" : "mail")} /><span class="unseen">
      ${mark.label}</span></span>
    <span class="who">${row.from?.label ?? t("sender not known")} · ${row.kind?.label}</span>
    <span class="when"><${Moment} time=${row.at} local=${false} /></span>
    <span class="gist">${row.headline}</span>
    <span class="tags">${row.exercise && html`<${Chip} kind="ex">EX<//>`}
      <${Precedence} word=${isHot || !["routine", "priority"].includes(row.precedence?.value) ? row.precedence : null}
        />
      <span class="number">${row.number}</span>
        ${row.due && html`<span>${t("answer due")} <${CountDown} time=${row.due} /></span>`}
      ${row.attachments > 0 && html`<span><${Icon} name="paperclip" /> ${row.attachments}</span>`}<span>${mark.label}
        </span></span>
  </a>`;
  return { kind, link };
}

/** @param {{lane: string}} values */
function Lanes({ lane }) {
  const counts = countsOf();
  const mark = doubtful.value ? "?" : "";
  const lanes = [
    ["", t("All"), null],
    ["urgent", t("Urgent"), counts.urgent],
    ["owed", t("Answer owed"), counts.owed],
    ["others", t("Other"), null],
  ];
  return html`<nav class="lanes" aria-label=${t("Lanes")}>
    ${lanes.map(([code, name, count]) =>
      html`<a key=${code} href=${link(`inbox${withQuery({ lane: code })}`)}
        aria-current=${code === lane ? "true" : undefined}>
    ${name}${count !== null &&
      html`<span class=${`count ${code === "urgent" && count ? "hot" : ""}`}>${count ?? 0}${mark}</span>`}</a>`)}
        </nav>`;
}

/**
 * What the live list leaves out, in pages, as somebody asks for it.
 * @param {string} name
 * @param {Record<string, any>} asked
 */
export function useOlder(name, asked) {
  const none = { rows: /** @type {any[]} */ ([]), next: /** @type {any} */ (null), busy: false, failed: false };
  const key = JSON.stringify(asked);
  const [older, setOlder] = useState({ ...none, key });
  const ours = older.key === key ? older : { ...none, key };
  const more = async (/** @type {any[]} */ shown) => {
    setOlder({ ...ours, busy: true });
    const before = ours.next ?? shown.at(-1)?.cursor;
    try {
      const page = await get(`/${name}${withQuery({ ...asked, before, limit: 100 })}`);
      // What slips out of the live list meanwhile stays: it is among the rows that stood before the first page.
      const rows = ours.next === null ? shown : ours.rows;
      setOlder({ ...none, key, rows: [...rows, ...page.rows], next: page.next ?? "" });
    } catch (fault) {
      complain(fault);
      setOlder({ ...ours, busy: false, failed: true });
    }
  };
  const left = part(name)?.left?.[asked.status] ?? 0;
  const isEnd = ours.next === "" || left === 0;
  return { ...ours, isEnd, more, auto: (/** @type {any[]} */ shown) => !isEnd && !ours.busy && !ours.failed &&
    more(shown) };
}

/** Rows that are here and rows that were asked for, each once. @param {any[]} here @param {any[]} older */
export function join(here, older) {
  const known = new Set(here.map((row) => row.id));
  return [...here, ...older.filter((row) => !known.has(row.id))];
}

/** What the list leaves out. @param {{rows: any[], older: any}} values */
export function More({ rows, older }) {
  if (older.isEnd || !rows.length) {
    return null;
  }
  return html`<div class="list-foot"><span>${t("Older ones are not shown here.")}</span>
    <${Button} kind="small" disabled=${older.busy} onClick=${() => older.more(rows)}>${t("Show 100 more")}<//></div>`;
}

/** @param {{args: string[], query: URLSearchParams, exercise: boolean}} values */
export function Inbox({ args, query, exercise }) {
  const lane = query.get("lane") ?? "";
  const open = args[0] ?? "";
  const status = exercise ? "exercise" : "actual";
  const older = useOlder("inbox", { lane, status });
  const here = rowsOf("inbox").filter((row) => !lane || row.lane === lane);
  const rows = join(here, older.rows);
  const suffix = withQuery({ lane });
  const target = (/** @type {any} */ row) => link(`dispatch/${encodeURIComponent(row.id)}${suffix}`);
  const step = (/** @type {number} */ by) => {
    const at = rows.findIndex((row) => row.id === open);
    const next = rows[Math.max(0, at < 0 ? 0 : Math.min(rows.length - 1, at + by))];
    if (next) {
      go(target(next));
    }
  };
  useKeys(
    [
      { code: "KeyJ", key: "J", label: () => t("next dispatch"), act: () => step(1) },
      { code: "KeyK", key: "K", label: () => t("dispatch before"), act: () => step(-1) },
      { code: "KeyU", key: "U", label: () => t("urgent ones"), act: () => go(link("inbox?lane=urgent")) },
      { code: "Escape", key: "Esc", label: () => t("close what is open"), act: () => go(link(`inbox${suffix}`)) },
    ],
    [open, lane, rows.map((row) => row.id).join()],
  );
  const empty = !part("inbox") ? html`<${Loading} />`
    : html`<${Nothing} icon="inbox" title=${lane === "urgent" ? t("Nothing urgent waits.") : t("Nothing here.")}><p>
      ${exercise ? t("Exercises only. What is real is not in this list.") : t("What arrives appears by itself.")}</p>
        <//>`;
  return html`<div class=${`panes ${open ? "reading" : ""}`}>
    <section class="pane" aria-labelledby="list-title"><h1 class="unseen" id="list-title">${t("Inbox")}</h1>
      <${Lanes} lane=${lane} />
      <${List} key=${lane} rows=${rows} open=${open} label=${t("Inbox")} empty=${empty}
        draw=${(/** @type {any} */ row, /** @type {any} */ props) => drawRow(row, props, target(row))}
        foot=${html`<${More} rows=${rows} older=${older} />`} onEnd=${() => older.auto(rows)} /></section>
    <section class="pane read" aria-label=${t("Dispatch")} tabindex="0">
      ${open ? html`<${Reader} key=${open} digest=${open}
        row=${part("inbox")?.rows[open] ?? part("sent")?.rows[`d:${open}`]} back=${link(`inbox${suffix}`)} />`
        : html`<${Empty} icon="mail" title=${t("Choose a dispatch")}><p>
          ${t("Arrows choose, Enter opens. Opening acknowledges nothing.")}</p><//>`}
    </section>
  </div>`;
}

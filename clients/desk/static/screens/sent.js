// @ts-check
/** What was sent, what is not done, what waits to go, what came back. */
import { html } from "../vendor/preact.js";
import { query as withQuery } from "../api.js";
import { t } from "../texts.js";
import { go, link } from "../router.js";
import { countsOf, doubtful, part, rowsOf } from "../state.js";
import { useKeys } from "../keys.js";
import { Chip, Empty, Icon, Loading, Nothing, Precedence } from "../parts/basic.js";
import { List } from "../parts/list.js";
import { Moment } from "../parts/moments.js";
import { join, More, useOlder } from "./inbox.js";
import { Item } from "./item.js";
import { Reader } from "./reader.js";

const ICONS = /** @type {Record<string, string>} */ ({ waiting: "clock", on_its_way: "send", undone: "triangle-alert",
  returned: "undo-2", cancelled: "x", acknowledged: "check", done: "check", received: "mail" });

/** @param {any} row @param {any} props @param {string} target */
export function drawSent(row, props, target) {
  const mark = row.mark ?? { value: "", label: "" };
  const to = (row.to ?? []).map((/** @type {any} */ each) => each.label ?? each);
  const link = html`<a href=${target} ...${props}>
    <span class="mark"><${Icon} name=${ICONS[mark.value] ?? (row.trouble ? "triangle-alert" : "send")} />
      <span class="unseen">${mark.label}</span></span>
    <span class="who">${t("To {names}",
      { names: to.length > 3 ? `${to.slice(0, 2).join(", ")} +${to.length - 2}` : to.join(", ") })} · ${row.kind?.label}
        </span>
    <span class="when"><${Moment} time=${row.at} local=${false} /></span>
    <span class="gist">${row.headline}</span>
    <span class="tags">${row.exercise && html`<${Chip} kind="ex">EX<//>`}
      ${["flash", "immediate"].includes(row.precedence?.value) && html`<${Precedence} word=${row.precedence} />`}
      ${row.trouble && html`<${Chip} kind="bad">${mark.label}<//>`}<span class="number">
        ${row.number ?? t("no number yet")}</span>
      <span>${[row.tally, row.trouble ? "" : mark.label].filter(Boolean).join(" · ")}</span></span>
  </a>`;
  return { kind: [row.trouble && "hot", mark.value === "cancelled" && "gone"].filter(Boolean).join(" "), link };
}

/** What a badge of this screen counts. */
const SHOWN = /** @type {Record<string, (row: any) => boolean>} */ ({
  undone: (row) => row.trouble,
  waiting: (row) => row.lane === "waiting",
});

/** @param {{show: string}} values */
function Lanes({ show }) {
  const counts = countsOf();
  const mark = doubtful.value ? "?" : "";
  const lanes = [["", t("All"), null], ["undone", t("Not done"), (counts.undone ?? 0) + (counts.returned ?? 0)],
    ["waiting", t("Waiting to go"), counts.queued ?? 0]];
  return html`<nav class="lanes" aria-label=${t("Lanes")}>
    ${lanes.map(([code, name, count]) =>
      html`<a key=${code} href=${link(`sent${withQuery({ show: code })}`)}
        aria-current=${code === show ? "true" : undefined}>
    ${name}${count !== null &&
      html`<span class=${`count ${code === "undone" && count ? "hot" : ""}`}>${count}${mark}</span>`}</a>`)}</nav>`;
}

/** The screen of what a row of this list opens. */
export const targetOf = (/** @type {any} */ row, suffix = "") =>
  (row.id.startsWith("i:") ? link(`item/${encodeURIComponent(row.id.slice(2))}${suffix}`)
    : link(`sent/${encodeURIComponent(row.id.replace(/^d:/, ""))}${suffix}`));

/** @param {{args: string[], query: URLSearchParams, exercise: boolean}} values */
export function Sent({ args, query, exercise }) {
  const show = query.get("show") ?? "";
  const open = args[0] ?? "";
  const isItem = location.pathname.split("/")[2] === "item";
  const openId = open && (isItem ? `i:${open}` : `d:${open}`);
  const older = useOlder("sent", { status: exercise ? "exercise" : "actual" });
  const rows = join(rowsOf("sent"), older.rows).filter(SHOWN[show] ?? (() => true));
  const suffix = withQuery({ show });
  const step = (/** @type {number} */ by) => {
    const at = rows.findIndex((row) => row.id === openId);
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) {
      go(targetOf(next, suffix));
    }
  };
  useKeys(
    [
      { code: "KeyJ", key: "J", label: () => t("next dispatch"), act: () => step(1) },
      { code: "KeyK", key: "K", label: () => t("dispatch before"), act: () => step(-1) },
      { code: "Escape", key: "Esc", label: () => t("close what is open"), act: () => go(link(`sent${suffix}`)) },
    ],
    [openId, show, rows.map((row) => row.id).join()],
  );
  const empty = !part("sent") ? html`<${Loading} />`
    : html`<${Nothing} icon="send"
      title=${show === "undone" ? t("Everything that was sent is done.") : t("Nothing here.")} />`;
  const row = part("sent")?.rows[openId];
  const back = link(`sent${suffix}`);
  return html`<div class=${`panes ${open ? "reading" : ""}`}>
    <section class="pane" aria-labelledby="list-title"><h1 class="unseen" id="list-title">${t("Sent")}</h1>
      <${Lanes} show=${show} />
      <${List} key=${show} rows=${rows} open=${openId} label=${t("Sent")} empty=${empty}
        draw=${(/** @type {any} */ each, /** @type {any} */ props) => drawSent(each, props, targetOf(each, suffix))}
        foot=${!show && html`<${More} rows=${rows} older=${older} />`} onEnd=${() => !show && older.auto(rows)} />
          </section>
    <section class="pane read" aria-label=${t("Dispatch")} tabindex="0">
      ${!open ? html`<${Empty} icon="send" title=${t("Choose a dispatch")}><p>
        ${t("Here you see who has it, who acts on it, and who is silent.")}</p><//>`
        : isItem ? html`<${Item} key=${open} id=${open} row=${row} back=${back} />`
          : html`<${Reader} key=${open} digest=${open} row=${row} back=${back} />`}
    </section></div>`;
}

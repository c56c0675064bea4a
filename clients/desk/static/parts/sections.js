// @ts-check
/** What the desk words: sections of named lines; receipts, thread, doubts. */
import { html } from "../vendor/preact.js";
import { t } from "../texts.js";
import { link } from "../router.js";
import { Chip, Icon, Notice } from "./basic.js";
import { Moment } from "./moments.js";

const DEEPEST = 3;

/** A value of a line, by what it is. @param {{line: any}} values */
function Value({ line }) {
  if (line.kind === "time" && typeof line.value === "object") {
    return html`<${Moment} time=${line.value} />`;
  }
  if (Array.isArray(line.value)) {
    return line.value.join("\n");
  }
  return line.value;
}

/** @param {{sections: {title: string, lines: any[]}[], flat?: boolean, level?: number}} values */
export function Sections({ sections, flat = false }) {
  return sections
    .filter((section) => section.lines.length > 0)
    .map((section) => html`<section class=${flat ? "fields" : "card"}>
      ${section.title && html`<h2>${section.title}</h2>`}
      <dl class="facts-list">${section.lines.map((line) => {
        const deep = line.depth ? `deep-${Math.min(line.depth, DEEPEST)}` : "";
        const strong = line.strong || line.is_strong ? "strong" : "";
        const isHeading = line.value === "" || line.value === null;
        return html`<dt class=${`${deep} ${isHeading ? "strong" : ""}`}>${line.label}</dt>
          <dd class=${`${line.kind === "long" ? "long" : ""} ${strong}`} dir="auto"><${Value} line=${line} /></dd>`;
      })}</dl>
    </section>`);
}

/** @param {{doubts: {code: string, text: string}[]}} values */
export const Doubts = ({ doubts }) =>
  doubts.map((doubt) => html`<${Notice} kind=${doubt.code === "warning" ? "warn" : "bad"}>${doubt.text}<//>`);

const STATE_KINDS = /** @type {Record<string, string>} */ ({
  acknowledged: "good", answered: "good", declined: "bad", rejected: "bad", undeliverable: "bad", silent: "bad",
    overdue: "bad", overdue_reply: "bad", silent_reply: "bad",
});

/** What each recipient did, the silent ones named. @param {{receipts: any[]}} values */
export function Receipts({ receipts }) {
  if (!receipts?.length) {
    return null;
  }
  return html`<section class="card"><h2>${t("Who did what")}</h2><ul class="lines">
    ${receipts.map((each) =>
      html`<li><span class="grow"><b>${each.member?.label ?? each.member}</b>${each.by ? ` · ${each.by}` : ""}</span>
      <${Chip} kind=${each.silent ? "bad" : STATE_KINDS[each.state.value] ?? ""} icon=${each.silent ? "bell-off" : ""}>
        ${each.state.label}<//>
      <${Moment} time=${each.at} />${each.reason && html`<span class="soft">${each.reason.label ?? each.reason}</span>`}
        </li>`)}
  </ul></section>`;
}

/** What belongs together, in the order of the ledger. @param {{thread: any[]}} values */
export function Thread({ thread }) {
  if (!thread || thread.length < 2) {
    return null;
  }
  return html`<section class="card"><h2>${t("Thread")}</h2><ol class="lines">
    ${thread.map((each) =>
      html`<li><span>${each.here ? html`<b>${each.number}</b> ${t("(this one)")}` : each.id
        ? html`<a href=${link(`dispatch/${encodeURIComponent(each.id)}`)}>${each.number ?? t("open")}</a>`
          : each.number}</span>
      <span class="grow">${[each.relation?.label, each.from?.label ?? each.from, each.kind?.label,
        each.headline].filter(Boolean).join(" · ")}</span><${Moment} time=${each.at} local=${false} /></li>`)}
  </ol></section>`;
}

/** A number that can be called, and what to say. @param {{lines: string[] | undefined}} values */
export const Telephone = ({ lines }) => lines?.length
  ? html`<section class="card"><h2><${Icon} name="phone" /> ${t("Telephone")}</h2>
    ${lines.map((line) => html`<p>${line}</p>`)}</section>` : null;

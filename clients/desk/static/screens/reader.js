// @ts-check
/** One dispatch: what can be done with it, what is doubtful, its text, who did what, its thread. */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { t } from "../texts.js";
import { go, link } from "../router.js";
import { useKeys } from "../keys.js";
import { Button, Chip, Fault, Loading, Precedence } from "../parts/basic.js";
import { Attachments } from "../parts/files.js";
import { CountDown, Moment } from "../parts/moments.js";
import { Doubts, Receipts, Sections, Telephone, Thread } from "../parts/sections.js";
import { complain } from "../parts/toasts.js";
import { useRead } from "../parts/use.js";
import { Answer } from "./answer.js";
import { Handing } from "./handing.js";

/** Acts that are signed at once; every other one begins a draft. */
const AT_ONCE = ["acknowledge", "note", "decline"];

/** Acts by which the desk writes a file into the member's folder. */
const HANDED = ["print", "export", "evidence"];
const ICONS = /** @type {Record<string, string>} */ ({
  acknowledge: "check", decline: "x", reply: "reply", feedback: "message-square", correct: "pencil", cancel: "undo-2",
    forward: "forward", stop: "circle-stop", print: "printer", export: "download", evidence: "badge-check",
      answer: "reply", step: "route",
});
const KEYS = /** @type {Record<string, string>} */ ({ acknowledge: "A", decline: "D", reply: "R", feedback: "F",
  correct: "C", forward: "W" });

/** Begin a draft about a dispatch, and open it. @param {any} action @param {string} digest */
export async function begin(action, digest) {
  try {
    const { draft } = await post("/drafts", { what: action.act, on: digest });
    go(link(`draft/${encodeURIComponent(draft.id)}`));
  } catch (fault) {
    complain(fault);
  }
}

/**
 * @param {{actions: any[], onAct: (action: any) => void, leads?: boolean}} values
 *   `leads`: whether the first of them is what is usually done
 */
export function Actions({ actions, onAct, leads = true }) {
  const possible = actions.filter((each) => !each.why_not);
  useKeys(
    possible.filter((each) => KEYS[each.act]).map((each) =>
      ({ code: `Key${KEYS[each.act]}`, key: KEYS[each.act], label: () => each.label, act: () => onAct(each) })),
    [possible.map((each) => each.act).join()],
  );
  const [why, setWhy] = useState("");
  const press = (/** @type {any} */ each) => (each.why_not ? setWhy(each.why_not.label ?? each.why_not) : onAct(each));
  return html`<div class="acts"><div class="buttons" role="group" aria-label=${t("What can be done")}>
    ${actions.map((each, at) =>
      html`<${Button} key=${each.act} icon=${ICONS[each.act]} aria-disabled=${each.why_not ? "true" : undefined}
        onClick=${() => press(each)}
      kind=${`${each.danger ? "danger" : ""} ${leads && at === 0 && !each.why_not ? "main" : ""}`}>${each.label}<//>`)}
  </div>${why && html`<p class="soft" role="status">${why}</p>`}</div>`;
}

/** @param {{digest: string, row: any, back: string}} values */
export function Reader({ digest, row, back }) {
  const { value, fault, again } = useRead(`/dispatches/${encodeURIComponent(digest)}`, [row]);
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  if (!value) {
    return fault ? html`<div class="reader"><${Fault} fault=${fault} again=${again} /></div>` : html`<${Loading} />`;
  }
  const head = value.head ?? {};
  const act = (/** @type {any} */ action) => {
    if (AT_ONCE.includes(action.act) || HANDED.includes(action.act)) {
      setAsked(action);
    } else if (action.href) {
      go(link(action.href));
    } else {
      begin(action, digest);
    }
  };
  return html`<article class="reader" aria-labelledby="dispatch-title">
    <div class="head">
      <div class="buttons"><a class="button small only-small" href=${back}>${t("Back to the list")}</a>
        ${head.exercise && html`<${Chip} kind="ex">${t("EXERCISE")}<//>`}<${Precedence} word=${head.precedence} />
          <${Chip}>${head.kind?.label}<//>
        ${head.mark && head.mark.value !== "plain" &&
          html`<${Chip} kind=${head.mark.value === "open" ? "bad" : head.mark.value === "acknowledged" ? "good" : ""}>
            ${head.mark.label}<//>`}</div>
      <h1 id="dispatch-title" dir="auto">${head.headline || head.kind?.label}</h1>
      <div class="facts"><span>${t("Number")} <b>${head.number ?? t("none yet")}</b></span>
        ${head.from && html`<span>${t("From")} <b>${head.from.label}</b></span>`}
        ${value.to?.length ? html`<span>${t("To")} <b>
          ${value.to.map((/** @type {any} */ each) => each.label).join(", ")}</b></span>` : null}
        <span>${t("Accepted")} <${Moment} time=${head.at} /></span>
          ${head.handling && html`<span>${t("Handling")} <b>${head.handling.label}</b></span>`}
        ${head.due && html`<span>${t("Answer due")} <${Moment} time=${head.due} /> <${CountDown} time=${head.due} />
          </span>`}</div>
    </div>
    ${value.actions?.length > 0 && html`<${Actions} actions=${value.actions} onAct=${act} />`}
    <${Fault} fault=${fault} again=${again} />
    <${Doubts} doubts=${value.doubts ?? []} />
    <${Telephone} lines=${value.telephone} />
    <${Sections} sections=${value.sections ?? []} />
    <${Attachments} digest=${digest} files=${value.attachments} />
    <${Receipts} receipts=${value.receipts} />
    <${Thread} thread=${value.thread} />
    ${asked && HANDED.includes(asked.act) &&
      html`<${Handing} action=${asked} head=${head} digest=${digest} onClose=${() => setAsked(null)} />`}
    ${asked && AT_ONCE.includes(asked.act) &&
      html`<${Answer} action=${asked} reader=${value} digest=${digest} onClose=${() => setAsked(null)} onDone=${again}
        />`}
  </article>`;
}

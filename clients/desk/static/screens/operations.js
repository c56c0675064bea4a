// @ts-check
/**
 * Controlled deliveries: strips in the order of their next clock; one with everything that follows from its steps.
 */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { t } from "../texts.js";
import { go, link } from "../router.js";
import { part, rowsOf } from "../state.js";
import { Chip, Fault, Icon, Loading, Nothing, Notice } from "../parts/basic.js";
import { CountDown, Moment } from "../parts/moments.js";
import { Doubts, Sections, Telephone } from "../parts/sections.js";
import { useAct, useRead } from "../parts/use.js";
import { beginDraft } from "./compose.js";
import { Actions } from "./reader.js";

/** How grave a verdict is, as a chip shows it. */
const WEIGHTS = /** @type {Record<string, string>} */ ({ red: "bad", amber: "warn", green: "good" });

/** @param {{exercise: boolean}} values */
export function Operations({ exercise }) {
  const rows = rowsOf("operations");
  const begin = useAct(() => beginDraft({ what: "step", do: "open" }, exercise));
  return html`<div class="page"><div class="title"><h1>${t("Operations")}</h1>
      <button type="button" class="button" disabled=${begin.busy} onClick=${begin.act}><${Icon} name="plus" />
        ${exercise ? t("Open an operation, EXERCISE") : t("Open an operation")}</button></div>
    <${Fault} fault=${begin.fault} />
    ${!part("operations") ? html`<${Loading} />` : rows.length === 0
      ? html`<${Nothing} icon="route" title=${t("No operation is open.")} />` : html`<ol class="strips">
      ${rows.map((row) => html`<li key=${row.id}>
        <a class=${`strip ${row.red > 0 ? "hot" : ""}`} href=${link(`operation/${encodeURIComponent(row.id)}`)}>
        <span class="name">${row.exercise && html`<${Chip} kind="ex">EX<//>`} <b>${row.name}
          </b> <${Chip} kind=${WEIGHTS[row.state.value]}>${row.state.label}<//>
            ${row.red > 0 && html`<${Chip} kind="bad" icon="triangle-alert">${t("{count} red", { count: row.red })}
              <//>`}</span>
        <span class="gist">${row.headline}</span>
        <span class="soft">${row.control && html`${t("Control")}: <b>${row.control.label}</b>`}</span>
        <span class="next">${row.next
          ? html`<b class="big"><${CountDown} time=${row.next.at} /></b><span>${row.next.label}
            ${row.next.who ? ` · ${row.next.who.label ?? row.next.who}` : ""}</span><${Moment} time=${row.next.at} />`
              : html`<span class="soft">${t("no clock runs")}</span>`}</span>
      </a></li>`)}</ol>`}
  </div>`;
}

/** @param {{title: string, rows: any[], draw: (row: any) => any}} values */
const Lines = ({ title, rows, draw }) => rows?.length > 0
  ? html`<section class="card"><h2>${title}</h2><ul class="lines">${rows.map((row) => html`<li>${draw(row)}</li>`)}</ul>
    </section>` : null;

const AUTHORITY = /** @type {Record<string, string>} */ ({ granted: "good", confirmed: "good", refused: "bad",
  withdrawn: "bad", conditional: "warn", lapsed: "bad" });

/** A leg, and whether it may be travelled. */
const drawLeg = (/** @type {any} */ each) => html`<span class="grow"><b>${each.name}</b> ${word(each.member)}</span>
  ${each.enters && html`<span><${Moment} time=${each.enters} />
    ${each.leaves && html` → <${Moment} time=${each.leaves} />`}</span>`}
  ${each.authority && html`<${Chip} kind=${AUTHORITY[each.authority.value] ?? ""}>${word(each.authority)}<//>`}
    <span class="soft">${each.detail}</span>`;

const word = (/** @type {any} */ value) => value?.label ?? value ?? "";

/** @param {{args: string[]}} values */
export function Operation({ args }) {
  const [id] = args;
  const row = part("operations")?.rows[id];
  const { value, fault, again } = useRead(`/operations/${encodeURIComponent(id)}`, [row]);
  const [refused, setRefused] = useState(/** @type {any} */ (null));
  if (!value) {
    return fault ? html`<div class="page"><${Fault} fault=${fault} again=${again} /></div>` : html`<${Loading} />`;
  }
  const head = { ...row, ...value.head };
  const act = async (/** @type {any} */ action) => {
    try {
      const { draft } = await post("/drafts", { what: "step", operation: id, do: action.do });
      go(link(`draft/${encodeURIComponent(draft.id)}`));
    } catch (error) {
      setRefused(error);
    }
  };
  const actions = (value.actions ?? []).map((/** @type {any} */ each) => ({ ...each, act: each.do ?? each.act }));
  return html`<article class="reader wide" aria-labelledby="operation-title">
    <div class="head"><div class="buttons"><a class="button small plain" href=${link("operations")}>
      <${Icon} name="arrow-left" />${t("Operations")}</a>
      ${head.exercise && html`<${Chip} kind="ex">${t("EXERCISE")}<//>`}<${Chip} kind=${WEIGHTS[head.state.value]}>
        ${head.state.label}<//></div>
      <h1 id="operation-title" dir="auto">${head.name}</h1><p>${head.headline}</p>
      <div class="facts">${head.control && html`<span>${t("Control")} <b>${head.control.label}</b></span>`}
        ${head.next && html`<span>
          ${head.next.label} <${CountDown} time=${head.next.at} /> <${Moment} time=${head.next.at} /></span>`}</div>
            </div>
    <${Actions} actions=${actions} onAct=${act} leads=${false} />
    <${Fault} fault=${refused ?? fault} />
    ${(value.red ?? []).map((/** @type {any} */ each) =>
      html`<${Notice} kind="bad">${each.text}${each.who ? html` <b>${word(each.who)}</b>` : null}<//>`)}
    <${Doubts} doubts=${value.doubts ?? []} />
    <${Lines} title=${t("Whose move")} rows=${value.moves}
      draw=${(/** @type {any} */ each) =>
        html`<${Icon} name=${each.ours ? "hand" : "clock"} /><span class="grow">${each.label}</span>
          ${each.ours ? html`<${Chip} kind="bad">${t("ours")}<//>` : html`<b>${word(each.who)}</b>`}`} />
    <${Lines} title=${t("Clocks")} rows=${value.clocks}
      draw=${(/** @type {any} */ each) =>
        html`<span class="grow">${each.label}${each.who ? html` · <b>${word(each.who)}</b>` : null}</span>
          <${CountDown} time=${each.at} /><${Moment} time=${each.at} />`} />
    <${Lines} title=${t("Authority by leg")} rows=${value.legs} draw=${drawLeg} />
    <${Lines} title=${t("Control and custody")} rows=${value.custody}
      draw=${(/** @type {any} */ each) =>
        html`<span class=${`grow deep-${Math.min(each.depth ?? 0, 3)}`}>${each.label}</span><b>${word(each.holder)}</b>
          <${Moment} time=${each.at} />`} />
    <${Telephone} lines=${head.telephone} />
    <${Sections} sections=${value.sections ?? []} />
    <${Lines} title=${t("Steps")} rows=${value.steps}
      draw=${(/** @type {any} */ each) =>
        html`<span>${each.here && each.id
          ? html`<a href=${link(`dispatch/${encodeURIComponent(each.id)}`)}>${each.number}</a>` : each.number}</span>
            <span class="grow">${word(each.label)} · ${word(each.from)}</span>
              ${!each.here && html`<${Chip}>${t("not sent to you")}<//>`}<${Moment} time=${each.at} local=${false} />`}
                />
  </article>`;
}

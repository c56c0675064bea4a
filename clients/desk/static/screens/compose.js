// @ts-check
/** What can be written, drafts that wait, and one draft: kept as it is typed, looked at once, signed. */
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { get, post, put, remove } from "../api.js";
import { t } from "../texts.js";
import { go, link, route } from "../router.js";
import { Button, Chip, Empty, Fault, Icon, Loading, Notice } from "../parts/basic.js";
import { Attach } from "../parts/attach.js";
import { CoverFields } from "../parts/cover.js";
import { Field, isDue } from "../parts/fields.js";
import { Moment, timeOf } from "../parts/moments.js";
import { say } from "../parts/toasts.js";
import { useAct, useRead } from "../parts/use.js";
import { Review } from "./review.js";

/** What is typed is kept so long after the last key; milliseconds. */
const KEEP_MS = 700;

const ICONS = /** @type {Record<string, string>} */ ({ warning: "triangle-alert", seizure: "clipboard-list",
  feedback: "message-square", message: "mail", profile: "user", log: "pencil", shift: "clock" });

/** Begin a draft of something new, marked as the space where the page is. @param {Record<string, string>} subject */
export async function beginDraft(subject, exercise = route.value.exercise) {
  const { draft, choices } = await post("/drafts", subject);
  const status = exercise ? "exercise" : "actual";
  if (choices.status) {
    await put(`/drafts/${encodeURIComponent(draft.id)}`,
      { version: draft.version, answers: {}, cover: { ...draft.cover, status } });
  }
  go(link(`draft/${encodeURIComponent(draft.id)}`));
}

/** @param {{exercise: boolean}} values */
export function Compose({ exercise }) {
  const kinds = useRead("/forms");
  const drafts = useRead("/drafts");
  const begin = useAct((entry) => beginDraft({ what: entry.what, kind: entry.kind }, exercise));
  const waiting = (drafts.value?.rows ?? []).filter((/** @type {any} */ row) => row.exercise === exercise);
  const offered = kinds.value?.rows ?? [];
  return html`<div class="page"><div class="title"><h1>${exercise ? t("New, EXERCISE") : t("New")}</h1></div>
    <${Fault} fault=${kinds.fault ?? begin.fault} again=${kinds.fault ? kinds.again : undefined} />
    ${!kinds.value && !kinds.fault && html`<${Loading} />`}
    <div class="kinds">${offered.map((/** @type {any} */ entry) =>
      html`<button type="button" key=${entry.kind} disabled=${begin.busy} onClick=${() => begin.act(entry)}>
      <${Icon} name=${ICONS[entry.kind] ?? "file-text"} /><b>${entry.label}</b><span class="soft">${entry.purpose}
        </span></button>`)}</div>
    <section class="card"><h2>${t("Drafts that wait")} <span class="count">${waiting.length || ""}</span></h2>
      <${Fault} fault=${drafts.fault} again=${drafts.again} />
      ${waiting.length === 0
        ? html`<p class="soft">${t("None. What you begin is kept here as you type, also if this machine stops.")}</p>`
        : html`<ul class="lines">
          ${waiting.map((/** @type {any} */ row) =>
            html`<li key=${row.id}><a class="grow" href=${link(`draft/${encodeURIComponent(row.id)}`)}><b>${row.title}
              </b> ${row.headline}</a>
          <span class="soft">${row.by}</span><${Moment} time=${timeOf(row.at_ms)} local=${false} /></li>`)}</ul>`}
    </section></div>`;
}

/**
 * A draft that is kept as it is typed: one request at a time, the newest last; where another window changed it, both
 * texts are shown.
 * @param {string} id
 */
function useDraft(id) {
  const [state, setState] = useState(/** @type {any} */ ({ value: null, fault: null, kept: "kept", other: null }));
  const mine = useRef({ answers: /** @type {Record<string, string>} */ ({}),
    cover: /** @type {Record<string, any>} */ ({}), timer: 0, version: 0, changed: 0, kept: 0 });
  const running = useRef(Promise.resolve());
  const show = (/** @type {any} */ value, keepMine = true) => {
    mine.current.version = value.draft.version;
    if (!keepMine || mine.current.changed === mine.current.kept) {
      mine.current.answers = { ...value.draft.answers };
      mine.current.cover = { ...value.draft.cover };
    }
    setState((/** @type {any} */ before) => ({ ...before, value, fault: null, other: null }));
  };
  const load = () => get(`/drafts/${encodeURIComponent(id)}`).then((value) => show(value, false), (fault) =>
    setState((/** @type {any} */ before) => ({ ...before, fault })));
  useEffect(() => {
    load();
    return () => {
      clearTimeout(mine.current.timer);
      keep();
    };
  }, [id]);
  const keepOnce = async () => {
    const { answers, cover, version, changed, kept } = mine.current;
    if (changed === kept) {
      return;
    }
    setState((/** @type {any} */ before) => ({ ...before, kept: "keeping" }));
    try {
      const value = await put(`/drafts/${encodeURIComponent(id)}`, { version, answers, cover });
      mine.current.kept = changed;
      show(value);
      setState((/** @type {any} */ before) =>
        ({ ...before, kept: mine.current.changed === changed ? "kept" : "changed" }));
    } catch (fault) {
      const other = /** @type {any} */ (fault).status === 409 ? /** @type {any} */ (fault).body : null;
      setState((/** @type {any} */ before) => ({ ...before, kept: "not kept", fault, other }));
      throw fault;
    }
  };
  const keep = () => {
    clearTimeout(mine.current.timer);
    const next = running.current.then(keepOnce);
    running.current = next.catch(() => {});
    return next;
  };
  const change = (/** @type {"answers" | "cover"} */ where, /** @type {Record<string, any>} */ values) => {
    mine.current[where] = { ...mine.current[where], ...values };
    mine.current.changed += 1;
    clearTimeout(mine.current.timer);
    mine.current.timer = setTimeout(() => keep().catch(() => {}), KEEP_MS);
    setState((/** @type {any} */ before) => ({ ...before, kept: "changed" }));
  };
  const settle = (/** @type {any} */ other, /** @type {boolean} */ takeOther) => {
    if (takeOther) {
      mine.current.kept = mine.current.changed;
      load();
    } else {
      mine.current.version = other.draft.draft.version;
      keep().catch(() => {});
    }
  };
  return { ...state, answers: mine.current.answers, cover: mine.current.cover, change, keep, show, load, settle };
}

const keptWords = () =>
  /** @type {Record<string, string>} */ ({ kept: t("Kept on this machine"), keeping: t("Keeping…"), changed: t("Typing…"), "not kept": t("NOT KEPT") });

/** @param {{answers: Record<string, string>, other: any, settle: (other: any, takeOther: boolean) => void}} values */
function Conflict({ answers, other, settle }) {
  const theirs = other.draft.draft.answers;
  const keys = [...new Set([...Object.keys(answers), ...Object.keys(theirs)])].filter((key) =>
    answers[key] !== theirs[key]);
  return html`<${Notice} kind="warn" title=${t("Another window has changed this draft. Nothing is lost: choose.")}
    role="alert">
    <div class="table-box" tabindex="0"><table><thead><tr><th>${t("Answer")}</th><th>${t("Here")}</th><th>
      ${t("In the other window")}</th></tr></thead>
      <tbody>${keys.map((key) => html`<tr><td>${key}</td><td>${answers[key]}</td><td>${theirs[key]}</td></tr>`)}</tbody>
        </table></div>
    <div class="buttons"><${Button} kind="small" onClick=${() => settle(other, false)}>${t("Keep what is here")}<//>
      <${Button} kind="small" onClick=${() => settle(other, true)}>${t("Take the other")}<//></div>
  <//>`;
}

/** @param {{args: string[]}} values */
export function Draft({ args }) {
  const [id] = args;
  const draft = useDraft(id);
  const [review, setReview] = useState(/** @type {any} */ (null));
  const [all, setAll] = useState(false);
  const look = useAct(async () => {
    await draft.keep();
    setReview(await post(`/drafts/${encodeURIComponent(id)}/review`));
  });
  const drop = useAct(async () => {
    await remove(`/drafts/${encodeURIComponent(id)}`);
    say(t("The draft was thrown away"));
    go(link("compose"), { replace: true });
  });
  if (!draft.value) {
    return draft.fault ? html`<div class="page"><${Fault} fault=${draft.fault} again=${draft.load} /></div>`
      : html`<${Loading} />`;
  }
  const { draft: kept, fields, choices } = draft.value;
  const answers = draft.answers;
  const known = Object.fromEntries(fields.map((/** @type {any} */ field) =>
    [field.key, answers[field.key] ?? field.value ?? ""]));
  const due = fields.filter((/** @type {any} */ field) => isDue(field, known));
  const shown = all ? due : due.filter((/** @type {any} */ field) => field.first || known[field.key] || field.after);
  const gaps = new Set((review?.unfit ?? []).map((/** @type {any} */ each) => each.key));
  if (review?.ready) {
    return html`<${Review} id=${id} review=${review} onBack=${() => setReview(null)} onAgain=${setReview} />`;
  }
  const change = (/** @type {string} */ key) => (/** @type {string} */ text) =>
    draft.change("answers", { [key]: text });
  return html`<div class="page">
    <div class="title"><h1>${kept.title}</h1>${kept.exercise && html`<${Chip} kind="ex">${t("EXERCISE")}<//>`}
      <span class="soft" role="status">${keptWords()[draft.kept]}</span></div>
    ${draft.other ? html`<${Conflict} answers=${answers} other=${draft.other} settle=${draft.settle} />`
      : html`<${Fault} fault=${draft.fault} again=${() => draft.keep().catch(() => {})} />`}
    ${review && html`<${Notice} kind="warn" title=${t("Not ready yet")} role="alert">
      ${review.missing?.length > 0 &&
        html`<p>${t("Missing: {names}",
          { names: review.missing.map((/** @type {any} */ each) => each.label).join("; ") })}</p>`}
      ${review.unfit?.length > 0 &&
        html`<p>${t("Of another form than it must have: {names}",
          { names: review.unfit.map((/** @type {any} */ each) => each.label).join("; ") })}</p>`}
      ${review.unchanged && html`<p>${t("Nothing is changed yet.")}</p>`}
      ${review.fault && html`<p>${review.fault.title} ${review.fault.detail ?? ""} ${review.fault.remedy}</p>`}<//>`}
    ${draft.value.fault &&
      html`<${Notice} kind="bad" title=${draft.value.fault.title} role="alert"><p>
        ${draft.value.fault.detail} ${draft.value.fault.remedy}</p><//>`}
    <${CoverFields} choices=${choices} cover=${draft.cover}
      onChange=${(/** @type {any} */ values) => draft.change("cover", values)} />
    <section class="card"><h2>${t("What it says")}</h2><div class="fields">
      ${shown.map((/** @type {any} */ field) =>
        html`<${Field} key=${field.key} field=${field} value=${answers[field.key]} onInput=${change(field.key)}
          wrong=${gaps.has(field.key)} />`)}
      ${due.length > shown.length &&
        html`<div><${Button} icon="chevron-down" onClick=${() => setAll(true)}>${t("Everything else that can be said")}
          <//></div>`}
      ${fields.length === 0 && html`<${Empty} icon="file-text" title=${t("Nothing is asked.")} />`}
    </div></section>
    ${choices.files && html`<${Attach} draft=${kept} onChange=${draft.show} before=${draft.keep} />`}
    <${Fault} fault=${look.fault === draft.fault ? null : look.fault ?? drop.fault} />
    <div class="bottom-bar"><${Button} kind="main" icon="eye" disabled=${look.busy} onClick=${look.act}>
      ${t("Look at it before signing")}<//>
      <span class="soft">${t("Nothing is sent yet.")}</span><span class="gap"></span>
      <${Button} kind="danger small" icon="trash" disabled=${drop.busy} onClick=${drop.act}>${t("Throw the draft away")}
        <//></div>
  </div>`;
}

// @ts-check
/** Looking for something in what is here. */
import { html, useEffect, useState } from "../vendor/preact.js";
import { get, query as withQuery } from "../api.js";
import { n, t } from "../texts.js";
import { go, link } from "../router.js";
import { Button, Empty, Fault, Icon, Loading } from "../parts/basic.js";
import { useAct, useRead } from "../parts/use.js";
import { drawRow } from "./inbox.js";
import { drawSent, targetOf } from "./sent.js";

const ASKED = ["text", "member", "kind", "since", "until"];

/** @param {{query: URLSearchParams, exercise: boolean}} values */
export function Search({ query, exercise }) {
  const given = Object.fromEntries(ASKED.map((name) => [name, query.get(name) ?? ""]));
  const [asked, setAsked] = useState(given);
  const choices = useRead("/search/choices");
  const isAsked = ASKED.some((name) => given[name]);
  const status = exercise ? "exercise" : "actual";
  const found = useRead(isAsked ? `/search${withQuery({ ...given, status, limit: 100 })}` : null);
  const [older, setOlder] = useState(/** @type {any} */ ({ rows: [], next: null }));
  const more = useAct(async (next) => {
    const page = await get(`/search${withQuery({ ...given, status, limit: 100, before: next })}`);
    setOlder({ rows: [...older.rows, ...page.rows], next: page.next ?? "" });
  });
  const key = query.toString();
  useEffect(() => {
    setAsked(given);
    setOlder({ rows: [], next: null });
  }, [key]);
  useEffect(() => document.getElementById("text")?.focus(), []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    go(link(`search${withQuery(asked)}`));
  };
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setAsked({ ...asked, [name]: event.target.value });
  const list = (/** @type {string} */ name, /** @type {string} */ label, /** @type {any[]} */ words) =>
    html`<div class="field"><label for=${name}>${label}</label>
    <select id=${name} class="input" value=${asked[name]} onChange=${set(name)}>
      <option value="" selected=${!asked[name]}>${t("Any")}</option>
        ${words.map((word) =>
          html`<option key=${word.value} value=${word.value} selected=${word.value === asked[name]}>${word.label}
            </option>`)}</select></div>`;
  const rows = [...(found.value?.rows ?? []), ...older.rows];
  const next = older.next ?? found.value?.next;
  return html`<div class="page"><div class="title"><h1>${t("Search")}</h1></div>
    <form class="card" role="search" onSubmit=${submit}><div class="field"><label for="text">
      ${t("Words, a number, a vehicle, a document, a name")}</label>
        <input id="text" class="input" type="search" dir="auto" value=${asked.text} onInput=${set("text")} /></div>
      <div class="two">${list("member", t("Member"), choices.value?.members ?? [])}
        ${list("kind", t("Kind"), choices.value?.kinds ?? [])}
        <div class="field"><label for="since">${t("Since")}</label>
          <input id="since" class="input" type="date" value=${asked.since} onInput=${set("since")} /></div>
        <div class="field"><label for="until">${t("Until")}</label>
          <input id="until" class="input" type="date" value=${asked.until} onInput=${set("until")} /></div></div>
      <div class="buttons"><button class="button main"><${Icon} name="search" />${t("Search")}</button></div></form>
    <${Fault} fault=${found.fault} again=${found.again} />
    ${isAsked && !found.value && !found.fault && html`<${Loading} />`}
    ${found.value && (rows.length === 0
      ? html`<${Empty} icon="search" title=${t("Nothing was found.")}><p>
        ${t("Only what is on this machine was looked at.")}</p><//>`
          : html`<section class="card" aria-label=${t("Found")}>
      <p class="soft" role="status">${n("{count} found", "{count} found", rows.length)}</p>
      <ol class="plain-rows">${rows.map((row) => {
        const { kind, link: drawn } = row.ours ? drawSent(row, {}, targetOf(row))
          : drawRow(row, {}, link(`dispatch/${encodeURIComponent(row.id)}`));
        return html`<li key=${row.id} class=${`row ${kind}`}>${drawn}</li>`;
      })}</ol>
      ${next && html`<${Button} disabled=${more.busy} onClick=${() => more.act(next)}>${t("Show 100 more")}<//>`}
        <${Fault} fault=${more.fault} /></section>`)}
  </div>`;
}

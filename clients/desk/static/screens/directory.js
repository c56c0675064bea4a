// @ts-check
/** Who is in the network: members, their officers, their standing, their profiles with telephones. */
import { html, useState } from "../vendor/preact.js";
import { t } from "../texts.js";
import { link } from "../router.js";
import { Chip, Fault, Icon, Loading, Nothing } from "../parts/basic.js";
import { Moment } from "../parts/moments.js";
import { Sections, Telephone } from "../parts/sections.js";
import { useRead } from "../parts/use.js";

const word = (/** @type {any} */ value) => value?.label ?? value ?? "";
const kindOf = (/** @type {any} */ standing) =>
  ({ good: "good", valid: "good", active: "good", revoked: "bad", suspended: "bad",
    expired: "warn" })[/** @type {string} */ (standing?.value)] ?? "";

export function Directory() {
  const { value, fault, again } = useRead("/directory");
  const [sought, setSought] = useState("");
  const members = (value?.members ?? []).filter((/** @type {any} */ each) =>
    JSON.stringify([each.address, each.name,
      each.officers?.map((/** @type {any} */ one) =>
        [one.address, one.name])]).toLowerCase().includes(sought.toLowerCase()));
  return html`<div class="page"><div class="title"><h1>${t("Directory")}</h1>
    <input class="input short" type="search" aria-label=${t("Look for a member or an officer")}
      placeholder=${t("Look for a member or an officer")} value=${sought}
        onInput=${(/** @type {any} */ event) => setSought(event.target.value)} /></div>
    <${Fault} fault=${fault} again=${again} />
    ${!value && !fault && html`<${Loading} />`}
    ${value && members.length === 0 && html`<${Nothing} icon="book-user" title=${t("Nothing was found.")} />`}
    ${members.map((/** @type {any} */ member) => html`<section class="card" key=${member.address}>
      <div class="title"><h2>${member.address} <span class="soft">${member.name}</span></h2>
        ${member.own && html`<${Chip}>${t("this member")}<//>`}
        ${member.standing && html`<${Chip} kind=${kindOf(member.standing)}>${word(member.standing)}<//>`}
        ${member.reachable === false && html`<${Chip} kind="bad">${word(member.why)}<//>`}
        ${member.profile && html`<a class="button small" href=${link(`profile/${encodeURIComponent(member.address)}`)}>
          <${Icon} name="phone" />${t("Profile and telephones")}</a>`}</div>
      ${member.roles?.length > 0 && html`<p class="soft">${member.roles.map(word).join(", ")}</p>`}
      ${member.officers?.length > 0 &&
        html`<ul class="lines">
          ${member.officers.map((/** @type {any} */ each) =>
            html`<li><${Icon} name="user" /><span class="grow"><b>${each.address}</b> ${each.name}</span>
              <span class="soft">${(each.roles ?? []).map(word).join(", ")}</span>
                ${each.standing && html`<${Chip} kind=${kindOf(each.standing)}>${word(each.standing)}<//>`}</li>`)}
                  </ul>`}
    </section>`)}
  </div>`;
}

/** @param {{args: string[]}} values */
export function Profile({ args }) {
  const { value, fault, again } = useRead(`/profiles/${encodeURIComponent(args[0])}`);
  if (!value) {
    return fault ? html`<div class="page"><${Fault} fault=${fault} again=${again} /></div>` : html`<${Loading} />`;
  }
  return html`<div class="page"><div class="title"><a class="button small plain" href=${link("directory")}>
    <${Icon} name="arrow-left" />${t("Directory")}</a><h1>${word(value.head?.member) || args[0]}</h1>
      <${Moment} time=${value.head?.at} /></div>
    <${Telephone} lines=${value.telephone} /><${Sections} sections=${value.sections ?? []} /></div>`;
}

// @ts-check
/**
 * What will be signed, as the other side will see it; the button says what it does. Signed is exactly what is shown.
 */
import { html, useState } from "../vendor/preact.js";
import { post } from "../api.js";
import { language, t } from "../texts.js";
import { go, link } from "../router.js";
import { hubLive, session } from "../state.js";
import { Button, Chip, Facts, Fault, Icon, Notice } from "../parts/basic.js";
import { Passphrase } from "../parts/dialog.js";
import { Doubts, Sections } from "../parts/sections.js";
import { Choices } from "../parts/settings.js";
import { say } from "../parts/toasts.js";
import { useAct } from "../parts/use.js";

/** @param {{id: string, review: any, onBack: () => void, onAgain: (review: any) => void}} values */
export function Review({ id, review, onBack, onAgain }) {
  const [seen, setSeen] = useState(language.value);
  const [passphrase, setPassphrase] = useState("");
  const [changed, setChanged] = useState(false);
  const { busy, fault, act } = useAct(async () => {
    const typed = passphrase;
    setPassphrase("");
    try {
      const done = await post(`/drafts/${encodeURIComponent(id)}/sign`,
        { shown: review.shown, ...(review.needs_passphrase ? { passphrase: typed } : {}) });
      say(t("Signed by {officer}", { officer: session.value.officer }), done.words);
      go(link("sent"), { replace: true });
    } catch (error) {
      const body = /** @type {any} */ (error).body;
      if (/** @type {any} */ (error).code === "draft_changed" && body?.review) {
        setChanged(true);
        onAgain(body.review);
        return;
      }
      throw error;
    }
  });
  const shut = (review.recipients ?? []).filter((/** @type {any} */ each) => each.can === false);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act();
  };
  return html`<form class="page" onSubmit=${submit}>
    <div class="title"><h1>${t("Look, then sign")}</h1>
      ${review.exercise && html`<${Chip} kind="ex">${t("EXERCISE")}<//>`}</div>
    ${changed && html`<${Notice} kind="warn"
      title=${t("The draft has changed since you looked. Look again: nothing was signed.")} role="alert" />`}
    ${review.warnings.map((/** @type {string} */ text) => html`<${Notice} kind="warn">${text}<//>`)}
    <${Doubts} doubts=${review.doubts.map((/** @type {any} */ each) =>
      ({ code: "warning", text: `${each.code}: ${each.text}` }))} />
    <section class="card"><h2>${t("Who gets it")}</h2><ul class="lines">
      ${(review.recipients ?? []).map((/** @type {any} */ each) =>
        html`<li><${Icon} name=${each.can === false ? "lock" : "check"} /><b class="grow">
          ${each.member.label ?? each.member}</b>
        ${each.can === false && html`<${Chip} kind="bad">${each.why}<//>`}</li>`)}</ul>
      ${shut.length > 0 && html`<p class="soft">${t("Those with a lock cannot read it now.")}</p>`}
      <${Facts} facts=${(review.cover ?? []).map((/** @type {any} */ each) => [each.label, each.value])} /></section>
    <section class="card"><div class="title"><h2>${t("As the other side sees it")}</h2></div>
      <${Choices} name="seen" legend=${t("Language of the reader")} value=${seen}
        choices=${[["en", "English"], ["ru", "Русский"]]} onChoose=${setSeen} />
      <div class="preview" lang=${seen}><${Sections} flat sections=${review.preview?.[seen] ?? []} /></div></section>
    ${review.needs_passphrase &&
      html`<section class="card"><p>${t("This is signed with your passphrase typed once more.")}</p>
        <${Passphrase} value=${passphrase} onInput=${setPassphrase} /></section>`}
    ${hubLive.value !== true &&
      html`<${Notice} kind="warn">
        ${t("Not connected: it is signed and kept, and goes out by itself when the hub answers.")}<//>`}
    <${Fault} fault=${fault} />
    <div class="bottom-bar"><${Button} icon="arrow-left" onClick=${onBack}>${t("Change it")}<//>
      <span class="soft">${t("Signed by {officer}", { officer: session.value.officer })}</span><span class="gap"></span>
      <button class="button main danger" disabled=${busy || (review.needs_passphrase && !passphrase)}>
        <${Icon} name="send" />${busy ? t("Signing…") : review.verb}</button></div>
  </form>`;
}

// @ts-check
/** Files of a draft: dropped, chosen, taken with the camera, or pasted; each goes to the desk at once. */
import { html, useEffect, useState } from "../vendor/preact.js";
import { put, remove, upload } from "../api.js";
import { t } from "../texts.js";
import { Button, Fault, Icon } from "./basic.js";
import { sizeText } from "./files.js";

/**
 * @param {{draft: any, onChange: (value: any) => void, before: () => Promise<any>}} values
 *   `before`: what must be kept before a file may come
 */
export function Attach({ draft, onChange, before }) {
  const [state, setState] = useState(/** @type {{over: boolean, busy: string, fault: any}} */ ({ over: false, busy: "",
    fault: null }));
  const path = `/drafts/${encodeURIComponent(draft.id)}/files`;
  const add = async (/** @type {File[]} */ files) => {
    for (const file of files) {
      setState({ over: false, busy: file.name, fault: null });
      try {
        await before();
        onChange(await upload(path, file));
      } catch (fault) {
        setState({ over: false, busy: "", fault });
        return;
      }
    }
    setState({ over: false, busy: "", fault: null });
  };
  const change = async (/** @type {() => Promise<any>} */ work) => {
    try {
      await before();
      onChange(await work());
    } catch (fault) {
      setState({ over: false, busy: "", fault });
    }
  };
  const drop = (/** @type {number} */ number) => change(() => remove(`${path}/${number}`));
  const caption = (/** @type {number} */ number, /** @type {string} */ text) =>
    change(() => put(`${path}/${number}`, { caption: text }));
  useEffect(() => {
    const paste = (/** @type {ClipboardEvent} */ event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) {
        event.preventDefault();
        add(files);
      }
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  });
  const over = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setState({ ...state, over: true });
  };
  const take = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    add([...(event.dataTransfer?.files ?? [])]);
  };
  const choose = (/** @type {any} */ event) => {
    const files = [...event.target.files];
    event.target.value = "";
    add(files);
  };
  return html`<section class="card" aria-labelledby="files-title"><h2 id="files-title">
    ${t("Pictures and files")} <span class="count">${draft.files.length || ""}</span></h2>
    <div class=${`drop ${state.over ? "over" : ""}`} onDragOver=${over}
      onDragLeave=${() => setState({ ...state, over: false })} onDrop=${take}>
      <p class="soft">${t("Drop files here, paste a picture, or choose. What a picture says of its place and camera is left out.")}
        </p>
      <div class="buttons">
        <label class="button small"><${Icon} name="upload" />${t("Choose files")}
          <input class="unseen" type="file" multiple onChange=${choose} /></label>
        <label class="button small"><${Icon} name="camera" />${t("Camera")}
          <input class="unseen" type="file" accept="image/*" capture="environment" onChange=${choose} /></label>
      </div></div>
    ${state.busy && html`<p role="status">${t("Taking {name}…", { name: state.busy })}</p>`}
    <${Fault} fault=${state.fault} />
    ${draft.files.length > 0 &&
      html`<ul class="lines">
        ${draft.files.map((/** @type {any} */ file) =>
          html`<li key=${file.number}><${Icon} name=${file.type.startsWith("image/") ? "image" : "file"} />
      <span class="grow"><b>${file.name}</b> <span class="soft">${file.type} · ${sizeText(file.size)}</span></span>
      ${file.notes.map((/** @type {string} */ note) =>
        html`<span class=${file.alarming.includes(note) ? "unfit" : "soft"}>${note}</span>`)}
      <input class="input" type="text" dir="auto" aria-label=${t("What is to be seen in {name}", { name: file.name })}
        placeholder=${t("What is to be seen")} value=${file.caption}
          onChange=${(/** @type {any} */ event) => caption(file.number, event.target.value)} />
      <${Button} kind="small" icon="trash" onClick=${() => drop(file.number)}>${t("Remove")}
        <span class="unseen"> ${file.name}</span><//></li>`)}</ul>`}
  </section>`;
}

// @ts-check
/**
 * Attachments that came: pictures are shown from memory, everything else is saved by the desk into the member's folder.
 */
import { html, useEffect, useState } from "../vendor/preact.js";
import { picture, post } from "../api.js";
import { t } from "../texts.js";
import { Button, Chip, Fault, Icon } from "./basic.js";
import { say } from "./toasts.js";
import { useAct } from "./use.js";

/** Bytes as people read them. */
export function sizeText(/** @type {number} */ bytes) {
  return bytes < 1024 ? t("{count} bytes", { count: bytes }) : bytes < 1 << 20
    ? t("{count} KB", { count: Math.round(bytes / 1024) }) : t("{count} MB", { count: (bytes / (1 << 20)).toFixed(1) });
}

/** @param {{digest: string, file: any}} values */
function Attachment({ digest, file }) {
  const [address, setAddress] = useState("");
  const path = `/attachments/${encodeURIComponent(digest)}/${file.number}`;
  const show = useAct(async () => setAddress(await picture(path)));
  const keep = useAct(async () => {
    const { file: place, words } = await post(`${path}/save`);
    say(t("Saved by the desk"), [words, place].filter(Boolean).join(" "));
  });
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return html`<li><${Icon} name=${file.showable ? "image" : "file"} /><span class="grow"><b>${file.name}
    </b> <span class="soft">${file.type} · ${sizeText(file.size)}</span>${file.caption && html`<br />${file.caption}`}
      </span>
    <${Chip}>${file.state.label}<//>${file.marked && html`<${Chip} kind="bad" icon="triangle-alert">${file.marked}<//>`}
    ${file.showable && !address &&
      html`<${Button} kind="small" icon="eye" disabled=${show.busy} onClick=${show.act}>${t("Show")}<//>`}
    <${Button} kind="small" icon="download" disabled=${keep.busy || !file.here} onClick=${keep.act}>${t("Save")}<//>
    <${Fault} fault=${show.fault ?? keep.fault} />
    ${address && html`<img class="picture" src=${address}
      alt=${t("Attachment {number}: {name}", { number: file.number, name: file.name })} />`}</li>`;
}

/** @param {{digest: string, files: any[]}} values */
export const Attachments = ({ digest, files }) =>
  files?.length ? html`<section class="card"><h2>${t("Attachments")} <span class="count">${files.length}</span></h2>
    <ul class="lines">${files.map((file) => html`<${Attachment} key=${file.number} digest=${digest} file=${file} />`)}
      </ul></section>` : null;

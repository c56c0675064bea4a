// @ts-check
/** Something that the desk shows before it is signed, and that is signed as it was shown. */
import { html, useEffect, useState } from "../vendor/preact.js";
import { t } from "../texts.js";
import { Fault, Loading } from "./basic.js";
import { Dialog, Passphrase } from "./dialog.js";
import { Sections } from "./sections.js";
import { say } from "./toasts.js";
import { useAct } from "./use.js";

/**
 * @param {{label: string, exercise?: boolean, look: () => Promise<any>, onClose: () => void, onDone: () => void,
 *   sign: (needed: {shown: string, passphrase?: string}) => Promise<any>}} values
 *   `look` asks for what is shown, `sign` signs it
 */
export function Shown({ label, exercise = false, look, sign, onClose, onDone }) {
  const [review, setReview] = useState(/** @type {any} */ (null));
  const [passphrase, setPassphrase] = useState("");
  const looking = useAct(async () => setReview(await look()));
  const { busy, fault, act } = useAct(async () => {
    const typed = passphrase;
    setPassphrase("");
    try {
      const done = await sign({ shown: review.shown, ...(review.needs_passphrase && { passphrase: typed }) });
      say(label, done.words);
      onDone();
      onClose();
    } catch (error) {
      setReview(/** @type {any} */ (error).body?.review ?? review);
      throw error;
    }
  });
  useEffect(() => {
    looking.act();
  }, []);
  const verb = exercise ? t("{act}, EXERCISE", { act: label }) : label;
  const isReady = !busy && review?.shown && (!review.needs_passphrase || passphrase);
  return html`<${Dialog} title=${verb} exercise=${exercise} wide onClose=${onClose} onSubmit=${act}
    buttons=${html`<button class="button main" disabled=${!isReady}>${busy ? t("Signing…") : verb}</button>`}>
    ${!review && !looking.fault && html`<${Loading} />`}
    <${Sections} flat sections=${review?.sections ?? []} />
    ${review?.needs_passphrase && html`<${Passphrase} value=${passphrase} onInput=${setPassphrase} />`}
    <${Fault} fault=${fault ?? looking.fault} />
  <//>`;
}

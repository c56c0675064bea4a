// @ts-check
/**
 * Texts of the page in the language of the session: English in the source, Russian from `texts/ru.json`, which is made
 * of the catalogue `clients/desk/locale/ru`. Words of codes come from the desk itself.
 */
import { signal } from "./vendor/preact.js";

/** The language of the session: `en` or `ru`. */
export const language = signal("en");

/** @type {{texts: Record<string, string>, plurals: Record<string, string[]>}} */
const NONE = { texts: {}, plurals: {} };
const catalogue = signal(NONE);

/**
 * @param {string} message in English
 * @param {Record<string, any>} [values] of its `{names}`
 * @returns {string}
 */
export function t(message, values) {
  return fill(catalogue.value.texts[message] ?? message, values);
}

/**
 * @param {string} one in English
 * @param {string} many in English
 * @param {number} count which both may name as `{count}`
 * @returns {string}
 */
export function n(one, many, count) {
  const forms = catalogue.value.plurals[`${one}\0${many}`];
  const text = forms ? forms[formOf(count)] : count === 1 ? one : many;
  return fill(text, { count });
}

/**
 * @param {string} text
 * @param {Record<string, any>} [values]
 */
function fill(text, values) {
  return values ? text.replaceAll(/\{(\w+)\}/g, (whole, name) =>
    (Object.hasOwn(values, name) ? String(values[name]) : whole)) : text;
}

/** Which of the three Russian forms goes with a number. */
function formOf(/** @type {number} */ count) {
  const rule = new Intl.PluralRules("ru").select(count);
  return rule === "one" ? 0 : rule === "few" ? 1 : 2;
}

/**
 * Speak a language from here on.
 * @param {string} wanted `en` or `ru`
 */
export async function speak(wanted) {
  if (wanted === "ru") {
    const answer = await fetch(new URL("./texts/ru.json", import.meta.url), { cache: "no-cache" });
    catalogue.value = await answer.json();
  } else {
    catalogue.value = NONE;
  }
  language.value = wanted === "ru" ? "ru" : "en";
  document.documentElement.lang = language.value;
}

// @ts-check
/** The desk's HTTP: JSON in, JSON out, the page's token with each request; faults in the words of the desk. */
import { t } from "./texts.js";

const TOKEN = "serai-page";

/** What the desk answered that it did not do, in words. */
export class DeskError extends Error {
  /**
   * @param {number} status of HTTP; 0 if nothing answered
   * @param {{code: string, title: string, remedy?: string, detail?: string}} fault
   * @param {any} [body] the whole answer
   */
  constructor(status, fault, body) {
    super(fault.title);
    this.status = status;
    this.code = fault.code;
    this.remedy = fault.remedy ?? "";
    this.detail = fault.detail ?? "";
    this.body = body;
  }
}

/** @type {(() => void)[]} */
const whenLocked = [];

/** Call something as soon as the desk says that nobody is unlocked here. */
export function onLocked(/** @type {() => void} */ act) {
  whenLocked.push(act);
}

export const token = {
  get: () => sessionStorage.getItem(TOKEN) ?? "",
  set: (/** @type {string} */ value) => sessionStorage.setItem(TOKEN, value),
  drop: () => sessionStorage.removeItem(TOKEN),
};

/**
 * @param {string} method
 * @param {string} path below `/api`
 * @param {any} [body] becomes JSON; a Blob goes as it is
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 * @throws {DeskError}
 */
async function ask(method, path, body, headers = {}) {
  const answer = await reach(path, {
    method,
    headers: { "Serai-Page": token.get(), ...(method === "GET" ? {} : { "Content-Type": "application/json" }),
      ...headers },
    body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
  });
  const value = await answer.json().catch(() => null);
  if (answer.ok) {
    return value;
  }
  const fault = value?.error ?? { code: `http_${answer.status}`, title: t("The desk did not understand the page."),
    remedy: t("Reload the page.") };
  if ((answer.status === 401 || answer.status === 423) && !path.startsWith("/session/")) {
    whenLocked.forEach((act) => act());
  }
  throw new DeskError(answer.status, fault, value);
}

/**
 * @param {string} path
 * @param {RequestInit} request
 */
async function reach(path, request) {
  try {
    return await fetch(`/api${path}`, { ...request, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new DeskError(0, {
      code: "desk_unreachable",
      title: t("The desk does not answer."),
      remedy: t("Nothing was lost. Wait until the lamp says that the desk is live, then do it again."),
    });
  }
}

export const get = (/** @type {string} */ path) => ask("GET", path);
export const post = (/** @type {string} */ path, /** @type {any} */ body = {}) => ask("POST", path, body);
export const put = (/** @type {string} */ path, /** @type {any} */ body) => ask("PUT", path, body);
export const remove = (/** @type {string} */ path, /** @type {any} */ body = {}) => ask("DELETE", path, body);

/**
 * Hand a file to the desk, as it is.
 * @param {string} path
 * @param {File} file
 */
export const upload = (path, file) =>
  ask("POST", path, file, {
    "Content-Type": "application/octet-stream",
    "Serai-Name": encodeURIComponent(file.name),
    "Serai-Type": file.type || "application/octet-stream",
  });

/**
 * A picture, to be shown from memory.
 * @param {string} path
 * @returns {Promise<string>} an address `blob:`; whoever asked revokes it
 */
export async function picture(path) {
  const answer = await reach(path, { headers: { "Serai-Page": token.get() } });
  if (!answer.ok) {
    const value = await answer.json().catch(() => null);
    throw new DeskError(answer.status,
      value?.error ?? { code: `http_${answer.status}`, title: t("The picture cannot be shown.") }, value);
  }
  return URL.createObjectURL(await answer.blob());
}

/**
 * `?a=1&b=2` of what has a value.
 * @param {Record<string, any>} values
 */
export function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

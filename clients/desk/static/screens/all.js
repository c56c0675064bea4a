// @ts-check
/** Every screen, by its word in an address. The inbox is there at once, what is opened more seldom comes after it. */
import { later } from "../parts/later.js";
import { Inbox } from "./inbox.js";

const [sent, compose, operations] = [() => import("./sent.js"), () => import("./compose.js"), () =>
  import("./operations.js")];
const [directory, health] = [() => import("./directory.js"), () => import("./health.js")];
const Sent = later(sent, "Sent");

/** @type {Record<string, any>} */
export const SCREENS = {
  inbox: Inbox,
  dispatch: Inbox,
  sent: Sent,
  item: Sent,
  compose: later(compose, "Compose"),
  draft: later(compose, "Draft"),
  operations: later(operations, "Operations"),
  operation: later(operations, "Operation"),
  search: later(() => import("./search.js"), "Search"),
  directory: later(directory, "Directory"),
  profile: later(directory, "Profile"),
  health: later(health, "Health"),
  alarms: later(health, "Alarms"),
};

/** Screens that are one, so that going from one to the other keeps what is held. */
export const SAME = /** @type {Record<string, string>} */ ({ dispatch: "inbox", item: "sent" });

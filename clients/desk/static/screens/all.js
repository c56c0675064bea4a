// @ts-check
/** Every screen, by its word in an address. */
import { Compose, Draft } from "./compose.js";
import { Directory, Profile } from "./directory.js";
import { Alarms, Health } from "./health.js";
import { Inbox } from "./inbox.js";
import { Operation, Operations } from "./operations.js";
import { Search } from "./search.js";
import { Sent } from "./sent.js";

/** @type {Record<string, (values: any) => any>} */
export const SCREENS = {
  inbox: Inbox,
  dispatch: Inbox,
  sent: Sent,
  item: Sent,
  compose: Compose,
  draft: Draft,
  operations: Operations,
  operation: Operation,
  search: Search,
  directory: Directory,
  profile: Profile,
  health: Health,
  alarms: Alarms,
};

/** Screens that are one, so that going from one to the other keeps what is held. */
export const SAME = /** @type {Record<string, string>} */ ({ dispatch: "inbox", item: "sent" });

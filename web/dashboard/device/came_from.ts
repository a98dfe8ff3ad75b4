// The list that the viewer came from.
import { fleetAddress } from "../base/address.js";
import { lastListQuery } from "../base/router.js";
import { listName } from "./list_name.js";

export interface List {
  name: string;
  href: string;
}

export function cameFrom(): List {
  const query = lastListQuery();
  return { name: listName(new URLSearchParams(query)), href: `${fleetAddress()}${query}` };
}

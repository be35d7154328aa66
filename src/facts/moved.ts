import { readVault } from "../../pipeline/artifacts/content-files.ts";
import { addressOf } from "./addresses.ts";
import type { Facts } from "./facts.ts";
import { root } from "./place.ts";

/** An address that a page had before. */
export interface Moved {
  readonly from: string;
  readonly to: string;
  readonly title: string;
}

/** Former addresses of lines, notes, sources and topics, by the `aliases` of their frontmatter. */
export const movedPages = ({ vault }: Pick<Facts, "vault">): Moved[] =>
  (["line", "note", "source", "topic"] as const).flatMap((kind) =>
    vault[`${kind}s`].flatMap(({ id, data }) =>
      data.aliases.map((alias) => ({ from: addressOf[kind](alias), to: addressOf[kind](id), title: data.title })),
    ),
  );

let former: ReadonlySet<string> | undefined;

/** Whether an address is a page that people read and programs may list: no hover card, none that stands in for another or only leads on. */
export function isRead(address: string): boolean {
  former ??= new Set(movedPages({ vault: readVault(root) }).map(({ from }) => from));
  return !address.startsWith("/cards/") && address !== "/404/" && address !== "/offline/" && !former.has(address);
}

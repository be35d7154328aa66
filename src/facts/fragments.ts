import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheRoot } from "./place.ts";
import { writeWhole } from "./whole-file.ts";

/** Parts of pages that a browser fetches when they are wanted: kept by content while pages are built, published at the end. */
export const FRAGMENT_CACHE = join(cacheRoot, "fragments");

/** Where a fragment is fetched. With the other cards: no page of its own. */
export const fragmentAddress = (id: string): string => `/cards/figures/${id}/`;

/** Keeps a piece of HTML; gives its address. */
export async function keepFragment(html: string, cache: string = FRAGMENT_CACHE): Promise<string> {
  const id = createHash("sha256").update(html).digest("hex").slice(0, 16);
  await writeWhole(join(cache, `${id}.html`), html);
  return fragmentAddress(id);
}

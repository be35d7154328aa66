import { existsSync } from "node:fs";
import { cachedPath } from "../../pipeline/models/cache.ts";
import { cardOf } from "../../pipeline/models/cards.ts";

/**
 * Path of the real model's weights. Throws when they aren't on this machine: a test on the real model never passes
 * without it.
 */
export function realModel(id = "smollm2-135m"): string {
  const path = cachedPath(cardOf(id));
  if (!existsSync(path)) throw new Error(`${path} is not there. Get it: npm run models -- pull ${id}`);
  return path;
}

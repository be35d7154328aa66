import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelCard, ModelFile } from "../artifacts/content/model-card.ts";
import { cacheFolder, isCached, modelFolder, sha256Of } from "../models/cache.ts";
import { inFolderOf } from "../models/pull.ts";
import type { ObjectStore } from "./object-store.ts";

/** Weights are known by their hash, whatever they are called on a card. */
const objectOf = ({ sha256 }: ModelFile) => `weights/${sha256}`;

/**
 * Gets the files of a card that are not in the cache from the store, as far as it has them; what comes is kept only when
 * its hash is the card's. Resolves to whether all of them are in the cache now. Throws StoreError, ModelError.
 */
export async function takeWeights(
  store: ObjectStore,
  card: ModelCard,
  note: (text: string) => void,
  cache: string = cacheFolder(),
): Promise<boolean> {
  if (isCached(card, cache)) return true;
  await inFolderOf(card, { folder: cache }, async (folder) => {
    for (const file of card.files) {
      const path = join(folder, file.name);
      if (await isThere(path)) continue;
      // Its own name: what a broken download from elsewhere left is no beginning of this one.
      const part = `${path}.store.part`;
      try {
        if (!(await store.download(objectOf(file), part))) continue;
        note(`${card.id}: ${file.name} came from the store`);
        if ((await sha256Of(part)) === file.sha256) await rename(part, path);
        else {
          note(`${card.id}: ${file.name} in the store is not what its name says, and was removed`);
          await store.remove(objectOf(file));
        }
      } finally {
        await rm(part, { force: true });
      }
    }
  });
  return isCached(card, cache);
}

/** Puts the files of a card that are in the cache into the store, where it lacks them. Throws StoreError. */
export async function leaveWeights(store: ObjectStore, card: ModelCard, cache: string = cacheFolder()): Promise<void> {
  for (const file of card.files) {
    const path = join(modelFolder(card, cache), file.name);
    if (!(await isThere(path)) || (await store.has(objectOf(file)))) continue;
    // Whoever takes it checks it; what is wrong here must not get that far.
    if ((await sha256Of(path)) === file.sha256) await store.upload(objectOf(file), path);
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

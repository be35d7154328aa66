import { streamBefore, sublayers, writeOf } from "../../engine/points/sublayers.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { type Dense, dense } from "../../statistics/dense.ts";
import type { Item } from "../senses/items.ts";

/** Places that are read: the noun where it ends, and the token after it. */
export const PLACES = { noun: 0, after: 1 } as const;
export type Place = keyof typeof PLACES;

/** By place, then sublayer in order of computation: [sentences × dModel] streams joined, and writes. */
export type NounWrites = Readonly<Record<Place, readonly { readonly stream: Dense; readonly write: Dense }[]>>;

/** One pass over the sentences, up to the token after the noun. */
export async function nounWrites(
  model: LanguageModel,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<NounWrites> {
  const { config } = model;
  const width = config.dModel;
  const pairs = sublayers(config.nLayers).map((sublayer) => ({
    stream: streamBefore(config, sublayer),
    write: writeOf(sublayer),
  }));
  const points = [...new Set(pairs.flatMap(({ stream, write }) => [stream, write]))];
  const empty = () => pairs.map(() => ({ stream: dense(items.length, width), write: dense(items.length, width) }));
  const found = { noun: empty(), after: empty() };
  const sequences = items.map(({ ids, target }) => ids.slice(0, target + 2));
  for await (const { indices, tokens, outputs } of model.run(sequences, { points, batch: 8 }, signal))
    for (const [r, index] of indices.entries())
      for (const [place, offset] of Object.entries(PLACES) as [Place, number][]) {
        const from = (r * tokens + items[index]!.target + offset) * width;
        for (const [k, pair] of pairs.entries())
          for (const what of ["stream", "write"] as const) {
            const data = outputs[pair[what]]!.data as Float32Array;
            found[place][k]![what].data.set(data.subarray(from, from + width), index * width);
          }
      }
  return found;
}

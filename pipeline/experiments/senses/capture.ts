import { rolesOf } from "../../engine/architectures/index.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { type Dense, dense } from "../../statistics/dense.ts";
import type { Item } from "./items.ts";

/** Places that are read: the token before the target word, the last of its own, the two after it. */
const PLACES = {
  before: ({ start }) => start - 1,
  word: ({ target }) => target,
  after: ({ target }) => target + 1,
  later: ({ target }) => target + 2,
} satisfies Record<string, (item: Item) => number>;
export type Site = keyof typeof PLACES;
export const SITES = Object.keys(PLACES) as Site[];

/** Residual streams of a lemma's sentences: by site, one matrix [sentences × dModel] for each depth asked for. */
export interface Captured {
  readonly depths: readonly number[];
  readonly sites: Readonly<Record<Site, readonly Dense[]>>;
}

/** One pass over the sentences; depth 0 is the embedding, depth k the stream after block k − 1. */
export async function capture(
  model: LanguageModel,
  items: readonly Item[],
  depths: readonly number[],
  signal?: AbortSignal,
): Promise<Captured> {
  const names = residualDepths(model.config.nLayers);
  const points = depths.map((depth) => names[depth]!);
  const width = model.config.dModel;
  const empty = () => depths.map(() => dense(items.length, width));
  const sites: Record<Site, Dense[]> = { before: empty(), word: empty(), after: empty(), later: empty() };
  const sequences = items.map((item) => item.ids);
  for await (const { indices, tokens, outputs } of model.run(sequences, { points, batch: 8 }, signal)) {
    for (const [d, point] of points.entries()) {
      const data = outputs[point]!.data as Float32Array;
      for (const [row, index] of indices.entries())
        for (const site of SITES) {
          const at = (row * tokens + PLACES[site](items[index]!)) * width;
          sites[site][d]!.data.set(data.subarray(at, at + width), index * width);
        }
    }
  }
  return { depths, sites };
}

/** Rows of the embedding matrix, looked up by token id. */
export interface Embeddings {
  readonly width: number;
  readonly vocabulary: number;
  readonly data: Float32Array;
}

export async function embeddings(model: LanguageModel): Promise<Embeddings> {
  const { shape, data } = await model.parameter(rolesOf(model.config).embedding);
  return { vocabulary: shape[0]!, width: shape[1]!, data };
}

/** Bag of context: the mean embedding of all that stands left of each sentence's target, [sentences × dModel]. */
export const contextEmbeddings = (table: Embeddings, items: readonly Item[]): Dense =>
  meanEmbeddings(
    table,
    items.map(({ ids, start }) => ids.slice(0, start)),
  );

/** Mean embedding of each list of ids: [lists × dModel]. */
export function meanEmbeddings({ width, data }: Embeddings, lists: readonly (readonly number[])[]): Dense {
  const out = dense(lists.length, width);
  for (const [i, ids] of lists.entries())
    for (const id of ids)
      for (let j = 0; j < width; j++) out.data[i * width + j]! += data[id * width + j]! / ids.length;
  return out;
}

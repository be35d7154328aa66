import type { Table } from "../../artifacts/schema.ts";
import { adjustedRand } from "../../statistics/adjusted-rand.ts";
import type { ExperimentContext } from "../experiment.ts";
import { column } from "../support/column.ts";
import { codebook, contextsOf } from "./codebook.ts";
import { conceptsOf, positionsOf, shortened } from "./concepts.ts";
import { keptPositions } from "./kept-positions.ts";
import type { ReadPassage } from "./passage-positions.ts";
import { SENTENCES, type Yardstick } from "./score-units.ts";
import { sentenceClusters } from "./sentence-contexts.ts";
import { brownVectors } from "./word-vectors.ts";

export interface YardstickOptions {
  readonly least: number;
  readonly codebooks: readonly number[];
  readonly vectorWords: number;
  readonly vectorDimensions: number;
  readonly documentsEachContext: number;
}

/** How far a codebook comes out the same from another start, by the adjusted Rand index. */
export interface Stability {
  readonly words: number;
  readonly sentences: number;
}

/** Positions, concepts and clusters, of which only the sinks that are left out depend on the model. */
export async function yardstickOf(
  passages: readonly ReadPassage[],
  norms: Float64Array,
  { least, codebooks, vectorWords, vectorDimensions, documentsEachContext }: YardstickOptions,
  { tokenizer, seed, signal }: Pick<ExperimentContext, "tokenizer" | "seed" | "signal">,
): Promise<{ yardstick: Yardstick; stability: Stability }> {
  const positions = keptPositions(passages.length, norms, seed);
  const concepts = conceptsOf(passages, positions, least, (token) => tokenizer.token(token));
  const vectors = brownVectors({ words: vectorWords, contexts: 2000, window: 5, dimensions: vectorDimensions, seed });
  const around = contextsOf(passages, vectors, vectorDimensions);
  const byWord = codebooks.map((size) => ({ name: `${size}`, clusters: codebook(around, size, seed + size) }));
  const size = codebooks[0]!;
  const [bySentence, again] = await sentenceClusters(passages, tokenizer, size, [seed + size, seed], signal);
  const yardstick = {
    positions,
    concepts,
    codebooks: [...byWord, { name: SENTENCES, clusters: bySentence! }],
    contexts: Math.floor(passages.length / documentsEachContext),
  };
  const stability = {
    words: adjustedRand(byWord[0]!.clusters, codebook(around, size, seed)),
    sentences: adjustedRand(bySentence!, again!),
  };
  return { yardstick, stability };
}

/** The same yardstick for the first positions of every document. */
export function shortYardstick({ positions, concepts, codebooks, contexts }: Yardstick, length: number): Yardstick {
  const cut = <A extends Int16Array | Int32Array | Uint8Array>(of: A, width = 1) =>
    shortened(of, positions, length, width);
  return {
    positions: positionsOf(positions.documents, length, cut(positions.kept), positions.halves),
    concepts: { labels: concepts.labels, at: cut(concepts.at, concepts.at.length / positions.kept.length) },
    codebooks: codebooks.map(({ name, clusters }) => ({ name, clusters: cut(clusters) })),
    contexts,
  };
}

/** How much text there was, and how stable its clusters are. */
export function dataTable(
  documents: number,
  { positions: { kept, ofHalf }, concepts, codebooks }: Yardstick,
  stability: Stability,
): Table {
  const known = codebooks[0]!.clusters.reduce((sum, cluster) => sum + Number(cluster >= 0), 0);
  const rows: [string, number][] = [
    ["documents", documents],
    ["positions", ofHalf[0].length + ofHalf[1].length],
    ["sinks left out besides first tokens", kept.reduce((sum, keep) => sum + 1 - keep, 0)],
    ["concepts in the list", concepts.labels.length],
    ["share of positions whose context has a vector", known / kept.length],
    ["agreement of the codebook of words with one from another start, adjusted Rand index", stability.words],
    ["agreement of the codebook of sentences with one from another start, adjusted Rand index", stability.sentences],
  ];
  return {
    title: "Data",
    columns: [
      column("what", "string", "", "what is counted"),
      column("value", "number", "", "how many, or which share"),
    ],
    rows,
  };
}

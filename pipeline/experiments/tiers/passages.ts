import { passages } from "../../corpora/brown.ts";
import { type Genre, genreOf } from "../../corpora/genre.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import { random } from "../../statistics/random.ts";
import { type Positions, tokenGroups } from "./explained.ts";

export const PREDICTORS = ["current", "previous", "next", "category"] as const;
export type Predictor = (typeof PREDICTORS)[number];

/** A passage as it is run, with the token that comes after its end. */
export interface Cut {
  readonly ids: readonly number[];
  /** The passage's ids and one more. */
  readonly whole: readonly number[];
  readonly genre: number;
}

/** Genres by their number. */
const GENRES: readonly Genre[] = ["press", "general", "learned", "fiction"];

/** One passage a document, cut to `tokens`; documents whose passage is shorter are left out. */
export function cutPassages(tokenizer: Tokenizer, documents: number, tokens: number, seed: number): Cut[] {
  return passages({ count: documents, words: tokens, seed }).flatMap(({ text, category }) => {
    const whole = tokenizer.encode(text).slice(0, tokens + 1);
    const genre = GENRES.indexOf(genreOf(category));
    return whole.length === tokens + 1 ? [{ whole, ids: whole.slice(0, -1), genre }] : [];
  });
}

/** The positions of `cuts` from 1 on that `ordinary` has a 1 for, with their groups by each of {@link PREDICTORS}. */
export function positionsOf(
  cuts: readonly Cut[],
  ordinary: Uint8Array,
  least: number,
  seed: number,
): Positions & { kept: Int32Array } {
  const { shuffle } = random(seed);
  const halves = new Uint8Array(cuts.length);
  for (const document of shuffle([...cuts.keys()]).slice(cuts.length >> 1)) halves[document] = 1;
  const kept: number[] = [];
  const documents: number[] = [];
  const tokens: number[][] = [[], [], []];
  const genres: number[] = [];
  let position = 0;
  cuts.forEach(({ whole, ids, genre }, document) => {
    for (let t = 1; t < ids.length; t++, position++) {
      if (!ordinary[position]) continue;
      kept.push(position);
      documents.push(document);
      [whole[t]!, whole[t - 1]!, whole[t + 1]!].forEach((token, p) => {
        tokens[p]!.push(token);
      });
      genres.push(genre);
    }
  });
  const halfOf = documents.map((document) => halves[document]!);
  return {
    kept: Int32Array.from(kept),
    documents: Int32Array.from(documents),
    halves,
    predictors: [...tokens.map((of) => tokenGroups(of, halfOf, least)), Int32Array.from(genres)],
  };
}

/** The same positions with groups dealt out anew: tokens over positions, genres over documents. */
export function shuffledGroups(positions: Positions, seed: number): Positions {
  const { shuffle } = random(seed);
  const genres = new Map<number, number>();
  const category = positions.predictors[PREDICTORS.indexOf("category")]!;
  positions.documents.forEach((document, i) => {
    genres.set(document, category[i]!);
  });
  const values = shuffle([...genres.values()]);
  const dealt = new Map([...genres.keys()].map((document, i) => [document, values[i]!]));
  return {
    ...positions,
    predictors: positions.predictors.map((groups, p) =>
      PREDICTORS[p] === "category"
        ? positions.documents.map((document) => dealt.get(document)!)
        : Int32Array.from(shuffle(groups)),
    ),
  };
}

/** Rows of a position-major array, those kept. */
export function keepRows(values: Float32Array, stride: number, kept: Int32Array): Float32Array {
  const out = new Float32Array(kept.length * stride);
  kept.forEach((position, i) => {
    out.set(values.subarray(position * stride, (position + 1) * stride), i * stride);
  });
  return out;
}

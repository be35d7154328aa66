import type { ModelConfig } from "../../engine/architectures/config.ts";
import { rolesOf } from "../../engine/architectures/index.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { type Dense, dense, dot, row, takeRows, withoutColumns } from "../../statistics/dense.ts";
import { cueFolds, type Item } from "../senses/items.ts";
import { type Calibration, dimensionsOf, isSink } from "../support/calibration.ts";
import { type AlongOptions, alongSenses, FIGURES } from "./along-senses.ts";
import { type NounWrites, nounWrites, PLACES, type Place } from "./noun-writes.ts";
import { meanOfRows, minus } from "./two-axes.ts";

/** Which axes, over which dimensions: the streams' own without massive ones, with all; through the unembedding. */
export type Variant = "kept" | "all" | "words";

/** Of one noun: [sublayers × FIGURES] by variant and place. */
export type NounFigures = Readonly<Record<Variant, Readonly<Record<Place, Float64Array>>>>;

/** A noun's sentences, neutral ones beside them, and the directions that read its senses' cue words. */
export interface Noun {
  readonly lemma: string;
  readonly items: readonly Item[];
  readonly neutral: readonly Item[];
  /** For training sentences: of either sense, without massive dimensions where told. */
  readonly wordDirections: (train: ArrayLike<number>) => readonly [Float64Array, Float64Array];
}

export interface FiguresOptions<V extends Variant> {
  readonly folds: number;
  readonly draws: number;
  readonly seed: number;
  readonly variants: readonly V[];
  readonly signal: AbortSignal;
}

/** Figures of one noun, and how many of its sentences have a sink at either place, which are left out. */
export async function figuresOf<V extends Variant>(
  model: LanguageModel,
  { items: all, neutral, wordDirections }: Noun,
  calibration: Calibration,
  { folds: k, draws, seed, variants, signal }: FiguresOptions<V>,
): Promise<{ readonly figures: Pick<NounFigures, V>; readonly sinks: number }> {
  const read = await nounWrites(model, all, signal);
  const neutralRead = await nounWrites(model, neutral, signal);
  const quiet = quietRows(read, all.length, calibration);
  const quietNeutral = quietRows(neutralRead, neutral.length, calibration);
  const items = quiet.map((i) => all[i]!);
  const senses = Int32Array.from(items, ({ sense }) => sense);
  const folds = cueFolds(items, senses, k, seed);
  const massive = dimensionsOf(calibration);
  const figures = {} as Record<V, Record<Place, Float64Array>>;
  for (const variant of variants) {
    const drop = variant === "all" ? [] : massive;
    const columns = (x: Dense, rows: readonly number[]) => withoutColumns(takeRows(x, rows), drop);
    const directions = (train: ArrayLike<number>) => {
      const [d0, d1] = wordDirections(Int32Array.from(train, (i) => quiet[i]!));
      return [zeroed(d0, drop), zeroed(d1, drop)] as const;
    };
    const options = (sublayer: number): AlongOptions => ({
      draws,
      seed: seed + sublayer,
      ...(variant === "words" && { directions }),
    });
    const at = (place: Place) => {
      const out = new Float64Array(read[place].length * FIGURES.length);
      for (const [s, { stream, write }] of read[place].entries()) {
        const joined = {
          stream: columns(stream, quiet),
          write: columns(write, quiet),
          neutralStream: columns(neutralRead[place][s]!.stream, quietNeutral),
          neutralWrite: columns(neutralRead[place][s]!.write, quietNeutral),
          frames: items.map(({ frame }) => frame),
          neutralFrames: quietNeutral.map((i) => neutral[i]!.frame),
        };
        out.set(alongSenses(joined, senses, folds, options(s)), s * FIGURES.length);
      }
      return out;
    };
    figures[variant] = { noun: at("noun"), after: at("after") };
  }
  return { figures, sinks: all.length - quiet.length };
}

const zeroed = (x: Float64Array, drop: readonly number[]): Float64Array => {
  const out = x.slice();
  for (const j of drop) out[j] = 0;
  return out;
};

/** Sentences without a sink at a place that is read; every other sublayer joins the stream at a depth of its own. */
function quietRows(read: NounWrites, sentences: number, { medianNorm }: Calibration): number[] {
  const isQuiet = (place: Place, i: number) => {
    const normAt = (depth: number) => {
      const { stream } = read[place][2 * depth]!;
      return Math.sqrt(dot(row(stream, i), row(stream, i)));
    };
    return !isSink(normAt, medianNorm.slice(0, read[place].length / 2));
  };
  return Array.from({ length: sentences }, (_, i) => i).filter((i) =>
    (Object.keys(PLACES) as Place[]).every((place) => isQuiet(place, i)),
  );
}

/** What reads words out of the stream: rows of the unembedding under the final norm's gain, a layer norm's mean taken out. */
export interface WordReader {
  /** Mean direction of the words' first tokens. */
  directionOf(words: readonly string[]): Float64Array;
}

export async function wordReader(model: LanguageModel, tokenizer: Tokenizer): Promise<WordReader> {
  const { unembedding, finalGain, finalBias } = rolesOf(model.config as ModelConfig);
  const { data } = await model.parameter(unembedding);
  const gain = (await model.parameter(finalGain)).data;
  const width = model.config.dModel;
  return {
    directionOf(words) {
      const rows = dense(words.length, width);
      for (const [k, word] of words.entries()) {
        const id = tokenizer.encode(` ${word}`)[0]!;
        const to = row(rows, k);
        for (let j = 0; j < width; j++) to[j] = data[id * width + j]! * gain[j]!;
        if (finalBias === undefined) continue;
        const mean = to.reduce((sum, x) => sum + x, 0) / width;
        for (let j = 0; j < width; j++) to[j]! -= mean;
      }
      return meanOfRows(
        rows,
        words.map((_, k) => k),
      );
    },
  };
}

/** {@link Noun.wordDirections}: the cue words of either sense among the training sentences, less the other nouns'. */
export function wordDirectionsOf(
  reader: WordReader,
  items: readonly Item[],
  others: readonly string[],
): Noun["wordDirections"] {
  const origin = reader.directionOf(others);
  return (train) => {
    const of = (sense: number) => {
      const cues = new Set(
        Array.from(train, (i) => items[i]!).flatMap((item) => (item.sense === sense ? [item.cue] : [])),
      );
      return minus(reader.directionOf([...cues]), origin);
    };
    return [of(0), of(1)];
  };
}

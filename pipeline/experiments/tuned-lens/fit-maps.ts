import type { BatchResult, LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { moments } from "../../engine/tails/moments.ts";
import type { Tail } from "../../engine/tails/tail.ts";
import { withoutDimensions } from "../../engine/tails/without-dimensions.ts";
import { random } from "../../statistics/random.ts";
import { type AffineMap, fitAffine, joined, type Moments } from "./least-squares.ts";

/** Ridge penalty for each position, on coordinates of variance one. */
export const PENALTY = 1e-3;
const BATCH = 8;

/** One set of maps to fit: which depths, and what is done to the pairs of states. */
export interface Fit {
  readonly depths: readonly number[];
  /** Dimensions of the stream that the map is not shown. */
  readonly without?: readonly number[];
  /** Each state meets the final state of another position. */
  readonly exchanged?: boolean;
}

export interface FitRequest {
  readonly sequences: readonly (readonly number[])[];
  /** Positions that count, for each sequence. */
  readonly ordinary: readonly (readonly boolean[])[];
  readonly seed: number;
  readonly signal: AbortSignal;
  progress?(share: number): void;
  /** More of the same pass. */
  readonly also?: Tail;
  beside?(batch: BatchResult): void;
}

/**
 * The affine maps of normed states to the final one, by least squares, for each fit of `fits` one a depth, in their order;
 * one pass for all of them. The last depth is not to be fitted: its map is the identity.
 */
export async function fitMaps(
  model: LanguageModel,
  fits: readonly Fit[],
  { sequences, ordinary, seed, signal, progress, also, beside }: FitRequest,
): Promise<AffineMap[][]> {
  const streams = residualDepths(model.config.nLayers);
  const nameOf = (f: number) => `fit_${f}`;
  const tails = fits.map(({ depths, without, exchanged = false }, f) => {
    const points = depths.map((depth) => streams[depth]!);
    const tail = moments({ name: nameOf(f), points, target: streams.at(-1)!, exchanged });
    return without ? withoutDimensions(tail, points, without) : tail;
  });
  const { shuffle } = random(seed);
  const feeds = (indices: readonly number[], tokens: number): Record<string, Tensor> => {
    const shape = [indices.length, tokens];
    const counts = new Float32Array(indices.length * tokens);
    indices.forEach((sequence, row) => {
      ordinary[sequence]!.forEach((keep, t) => {
        counts[row * tokens + t] = Number(keep);
      });
    });
    const counted = [...counts.keys()].filter((i) => counts[i] === 1);
    const dealt = shuffle(counted);
    const other = new BigInt64Array(counts.length);
    counted.forEach((position, i) => {
      other[position] = BigInt(dealt[i]!);
    });
    return Object.fromEntries(
      fits.flatMap(({ exchanged }, f): [string, Tensor][] => [
        [`${nameOf(f)}_counts`, { type: "float32", shape, data: counts }],
        ...(exchanged ? [[`${nameOf(f)}_other`, { type: "int64", shape, data: other }] as [string, Tensor]] : []),
      ]),
    );
  };
  const sums = fits.map(({ depths }) => depths.map((): Moments | undefined => undefined));
  let done = 0;
  const request = { tails: also ? [...tails, also] : tails, feeds, batch: BATCH };
  for await (const batch of model.run(sequences, request, signal)) {
    fits.forEach((fit, f) => {
      fit.depths.forEach((_, i) => {
        sums[f]![i] = joined(sums[f]![i], momentsOf(batch, nameOf(f), i, fit.exchanged === true));
      });
    });
    beside?.(batch);
    done += batch.indices.length;
    progress?.(done / sequences.length);
  }
  return sums.map((of) => of.map((each) => fitAffine(each!, PENALTY)));
}

function momentsOf({ outputs }: BatchResult, name: string, i: number, exchanged: boolean): Moments {
  const values = (output: string) => outputs[`${name}.${output}`]!.data as Float32Array;
  const d = values("mean_y").length;
  const part = (output: string, size: number) => Float64Array.from(values(output).subarray(i * size, (i + 1) * size));
  return {
    count: values("count")[0]!,
    meanX: part("mean_x", d),
    meanY: Float64Array.from(values("mean_y")),
    xx: part("xx", d * d),
    xy: part(exchanged ? "exchanged" : "xy", d * d),
  };
}

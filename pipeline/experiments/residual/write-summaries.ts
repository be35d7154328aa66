import { type Draws, derive, drawRatios } from "../../statistics/bootstrap.ts";
import type { Calibration } from "../support/calibration.ts";
import type { WriteSums } from "./read-writes.ts";
import { STATISTICS, type Statistic } from "./write-statistics.ts";

export type Kind = "attention" | "mlp";
export const KINDS: readonly Kind[] = ["attention", "mlp"];

export interface WriteResults {
  readonly nLayers: number;
  readonly seed: number;
  /** The same documents through the model and the two kinds of random networks. */
  readonly sums: Readonly<Record<Network, WriteSums>>;
  readonly calibration: Calibration;
  readonly randomCalibrations: readonly Calibration[];
}

/** `rw`: random weights; `re`: random blocks under the trained embeddings. */
export type Network = "model" | "rw" | "re";

/** Means over tokens with their draws: of the model and of random networks, over the same resamples. */
export type Beside = Readonly<Record<Network, Draws>>;

/** All that estimates and curves are made of. */
export interface WriteSummaries {
  /** Components: sublayer × statistic. */
  readonly kept: Beside;
  readonly all: Beside;
  /** Components: depths with all dimensions, then depths without massive ones. */
  readonly norms: Beside;
  /** Components: embedding, then sublayers, with all dimensions; the same without massive ones. */
  readonly shares: Beside;
}

export function summarise({ nLayers, seed, sums }: WriteResults): WriteSummaries {
  const beside = (pick: (from: WriteSums) => Float64Array, columns: number): Beside => {
    const draw = (from: WriteSums) => drawRatios(pick(from), from.tokens, columns, { seed });
    return { model: draw(sums.model), rw: draw(sums.rw), re: draw(sums.re) };
  };
  const { columns } = sums.model;
  return {
    kept: beside((from) => from.kept, columns),
    all: beside((from) => from.all, columns),
    norms: beside((from) => from.norms, 2 * (nLayers + 1)),
    shares: beside((from) => from.attribution, 2 * (2 * nLayers + 1)),
  };
}

/** A statistic's mean over kinds of sublayer, one component for each group of blocks. */
export function over(
  statistic: Statistic,
  groups: readonly (readonly number[])[],
  kinds: readonly Kind[] = KINDS,
): (draws: Draws) => Draws {
  const at = (block: number, kind: Kind) =>
    (2 * block + KINDS.indexOf(kind)) * STATISTICS.length + STATISTICS.indexOf(statistic);
  return (draws) =>
    derive(draws, (v) => groups.map((blocks) => meanOf(blocks.flatMap((b) => kinds.map((kind) => v[at(b, kind)]!)))));
}

/** from, from + 1, …, to − 1. */
export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

export const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

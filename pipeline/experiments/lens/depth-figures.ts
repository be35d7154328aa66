import { type Draws, derive } from "../../statistics/bootstrap.ts";
import { spearman } from "../../statistics/rank.ts";
import { quantile } from "../../statistics/summary.ts";
import { columnOf, overallColumn } from "./lens-sums.ts";
import type { Figure } from "./paired.ts";

/** The estimates of depth-use: which statistics of the draws they are. */

const figure = (id: string, label: string, unit: string, tolerance: number): Figure => ({ id, label, unit, tolerance });

const mean = (values: ArrayLike<number>, from: number, to: number) => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
};

export const influenceFigures = (id: string, what: string): Figure[] => [
  ...["early", "middle", "late"].map((third) =>
    figure(`${id}-${third}`, `${what}, ${third} third of the blocks`, "1 − cos", 0.005),
  ),
  figure(`${id}-change`, `${what}, late third minus early third`, "1 − cos", 0.005),
];

/** Thirds of the blocks, from draws whose columns `offset` … `offset + blocks − 1` are one kind of influence. */
export function influenceThirds(draws: Draws, offset: number, blocks: number): Draws {
  const third = blocks / 3;
  return derive(draws, (s) => {
    const levels = [0, 1, 2].map((i) => mean(s, offset + Math.round(i * third), offset + Math.round((i + 1) * third)));
    return [...levels, levels[2]! - levels[0]!];
  });
}

/** A skip that costs less than this is called cheap. */
export const CHEAP = 0.05;

export const skipFigures: Figure[] = [
  figure(
    "skip-median",
    "increase of the loss when one block is skipped after the first position, median block",
    "nats",
    0.02,
  ),
  figure("skip-least", "the same for the cheapest block", "nats", 0.02),
  figure("skip-largest", "the same for the dearest block", "nats", 0.5),
  figure("skip-cheap-share", `share of blocks whose skip costs less than ${CHEAP} nats`, "share", 0.07),
  figure(
    "skip-late-over-early",
    "mean cost of the second half of the blocks minus that of the first half",
    "nats",
    0.05,
  ),
  figure("skip-same", "share of positions whose likeliest token survives the skip, mean over blocks", "share", 0.02),
  figure("skip-first-largest", "largest cost of skipping a block at the first position alone", "nats", 0.5),
  figure("skip-first-median", "median cost of skipping a block at the first position alone", "nats", 0.02),
  figure(
    "skip-influence-rank",
    "rank correlation over blocks of block influence with the cost of the skip",
    "Spearman's rho",
    0.1,
  ),
];

/**
 * The figures above, from draws with columns: increase at the rest [blocks], increase at the first position [blocks], same
 * favourite at the rest [blocks], influence [blocks].
 */
export function skipStatistics(draws: Draws, blocks: number): Draws {
  return derive(draws, (s) => {
    const rest = s.slice(0, blocks);
    const first = s.slice(blocks, 2 * blocks);
    const influence = s.slice(3 * blocks, 4 * blocks);
    return [
      quantile(rest, 0.5),
      Math.min(...rest),
      Math.max(...rest),
      rest.filter((x) => x < CHEAP).length / blocks,
      mean(rest, Math.floor(blocks / 2), blocks) - mean(rest, 0, Math.floor(blocks / 2)),
      mean(s, 2 * blocks, 3 * blocks),
      Math.max(...first),
      quantile(first, 0.5),
      spearman(influence, rest),
    ];
  });
}

/** Cost of the skips that random weights were given too: mean over those blocks. */
export const meanSkip: Figure[] = [
  figure(
    "skip-mean-sampled",
    "mean increase of the loss over every third block, skipped after the first position",
    "nats",
    0.05,
  ),
];

export const truncationFigures: Figure[] = [
  figure("decided-half", "share of tokens whose favourite is settled halfway down, raw lens", "share", 0.02),
  figure(
    "decided-late",
    "share of tokens whose favourite is settled two blocks before the end, raw lens",
    "share",
    0.02,
  ),
  figure("oracle-exit", "mean depth at which the final favourite first leads, raw lens", "blocks", 0.3),
  figure("truncated-half", "loss added by stopping halfway down, raw lens", "nats", 0.05),
  figure("truncated-late", "loss added by stopping two blocks before the end, raw lens", "nats", 0.05),
];

/** Beside the columns of lensSums: one for each depth read, the tokens settled there or before. */
export function truncationStatistics(draws: Draws, depths: readonly number[]): Draws {
  const n = depths.length;
  const last = depths.at(-1)!;
  const half = depths.findLastIndex((depth) => depth <= last / 2);
  const late = depths.findLastIndex((depth) => depth <= last - 2);
  return derive(draws, (s) => {
    const settled = (i: number) => s[s.length - n + i]!;
    const loss = (i: number) => s[columnOf("cross-entropy", i, n)]!;
    return [
      settled(half),
      settled(late),
      s[overallColumn("oracle-exit", n)]!,
      loss(half) - loss(n - 1),
      loss(late) - loss(n - 1),
    ];
  });
}

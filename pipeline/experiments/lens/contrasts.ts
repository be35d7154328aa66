import { type Draws, derive } from "../../statistics/bootstrap.ts";
import { columnOf, columnsOf, type LensQuantity, overallColumn } from "./lens-sums.ts";
import type { Figure } from "./paired.ts";

/**
 * Contrasts between the thirds of the stack. The embedding and the final depth are in none of them: at the final depth KL is
 * zero and agreement one whatever the network does.
 */
export function thirds(depths: readonly number[]): { early: number[]; middle: number[]; late: number[] } {
  const last = depths.at(-1)!;
  const within = (from: number, to: number) =>
    depths.flatMap((depth, i) => (depth > from && depth <= to && depth < last ? [i] : []));
  return { early: within(0, last / 3), middle: within(last / 3, (2 * last) / 3), late: within((2 * last) / 3, last) };
}

const figure = (id: string, label: string, unit: string, tolerance: number): Figure => ({ id, label, unit, tolerance });
const parts = (id: string, what: string, unit: string, tolerance: number): Figure[] => [
  ...(["early", "middle", "late"] as const).map((third) =>
    figure(`${id}-${third}`, `${what}, ${third} third`, unit, tolerance),
  ),
  figure(`${id}-change`, `${what}, late third minus early third`, unit, tolerance),
];

const LOG_RANK = "ln(1 + rank)";

/** The figures of {@link contrastsOf}, in its order. */
export const contrasts: Figure[] = [
  ...parts("kl", "KL to the final prediction", "nats", 0.05),
  ...parts("entropy", "entropy of the reading", "nats", 0.05),
  ...parts("cross-entropy", "cross-entropy of the text", "nats", 0.05),
  ...parts("agreement", "agreement with the final favourite", "share", 0.01),
  ...parts("log-rank", "log rank of the token that follows", LOG_RANK, 0.05),
  figure(
    "kl-early-over-uniform",
    "KL to the final prediction in the early third, minus that of an even guess",
    "nats",
    0.05,
  ),
  figure(
    "cross-entropy-bend",
    "fall of cross-entropy from middle to late, minus that from early to middle",
    "nats",
    0.05,
  ),
];

/** The same contrasts of readings without massive dimensions. */
export const trimmedContrasts: Figure[] = contrasts.map((each) => ({
  ...each,
  id: `${each.id}-trimmed`,
  label: `${each.label}, without massive dimensions`,
}));

const CONTRASTED: readonly LensQuantity[] = ["kl", "entropy", "cross-entropy", "agreement", "log-rank"];

/** Levels of the thirds and their contrasts, resample by resample, from draws over the depths given. */
export function contrastsOf(draws: Draws, depths: readonly number[], vocabulary: number): Draws {
  const n = depths.length;
  const { early, middle, late } = thirds(depths);
  return derive(draws, (s) => {
    const level = (quantity: LensQuantity, places: readonly number[]) =>
      places.reduce((sum, i) => sum + s[columnOf(quantity, i, n)]!, 0) / places.length;
    const at = (quantity: LensQuantity) =>
      [early, middle, late].map((places) => level(quantity, places)) as [number, number, number];
    const [ceEarly, ceMiddle, ceLate] = at("cross-entropy");
    const uniform = Math.log(vocabulary) - s[columnOf("entropy", n - 1, n)]!;
    return [
      ...CONTRASTED.flatMap((quantity) => {
        const levels = at(quantity);
        return [...levels, levels[2] - levels[0]];
      }),
      level("kl", early) - uniform,
      ceMiddle - ceLate - (ceEarly - ceMiddle),
    ];
  });
}

/** Figures of a token's whole path, over the sampled depths (controls have only these) and over every depth. */
export const overall = {
  sampled: {
    figures: [
      figure("prediction-depth-sampled", "mean prediction depth, sampled depths", "blocks", 0.3),
      figure("not-monotone-sampled", "share of tokens whose KL rises somewhere, sampled depths", "share", 0.02),
    ],
    draws: (draws: Draws, depths: readonly number[]): Draws =>
      derive(draws, (s) => [
        s[overallColumn("prediction-depth", depths.length)]!,
        s[overallColumn("not-monotone", depths.length)]!,
      ]),
  },
  full: {
    figures: [
      figure("prediction-depth", "mean prediction depth", "blocks", 0.3),
      figure("prediction-depth-share", "mean prediction depth as a share of the blocks", "share", 0.01),
      figure("not-monotone", "share of tokens whose KL rises somewhere by more than 0.1 nats", "share", 0.02),
      figure("kl-final", "KL at the final depth, a check of the lens", "nats", 0.001),
      figure("entropy-final", "entropy of the model's own prediction", "nats", 0.02),
      figure("cross-entropy-final", "the model's own cross-entropy", "nats", 0.02),
    ],
    draws: (draws: Draws, depths: readonly number[]): Draws => {
      const n = depths.length;
      if (draws.values.length !== columnsOf(n))
        throw new Error(`Draws of ${draws.values.length} columns do not belong to ${n} depths.`);
      const final = (quantity: LensQuantity) => columnOf(quantity, n - 1, n);
      return derive(draws, (s) => [
        s[overallColumn("prediction-depth", n)]!,
        s[overallColumn("prediction-depth", n)]! / depths.at(-1)!,
        s[overallColumn("not-monotone", n)]!,
        s[final("kl")]!,
        s[final("entropy")]!,
        s[final("cross-entropy")]!,
      ]);
    },
  },
};

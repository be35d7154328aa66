import type { Estimate } from "../../artifacts/schema.ts";
import { type Draws, derive, drawRatios } from "../../statistics/bootstrap.ts";
import type { Random } from "../../statistics/random.ts";
import { slopes } from "../sparsity/slopes.ts";
import { controlled, estimate } from "../support/estimates.ts";
import type { StepCase } from "./cases.ts";

/** The step at which a state was read, and what it is of. */
export type Step = Pick<StepCase, "ladder" | "item" | "unit" | "step">;

/** The names of a figure of the state: `normed`, `last-all`, … and what they mean. */
export interface StateFigure {
  readonly id: string;
  readonly words: string;
  readonly dimensions: string;
}

/** Everything that was read, row by row: in order of item and step. */
export interface LadderReadings {
  /** Ids of the ladders. */
  readonly ladders: readonly string[];
  readonly nSteps: number;
  readonly units: number;
  readonly seed: number;
  readonly rows: readonly Step[];
  /** Surprisal of the answer (nats) and whether it is likelier than the foil (1, ½ or 0), in the model. */
  readonly surprisal: Float64Array;
  readonly right: Float64Array;
  /** Hoyer sparsity of the state at each row by `StateFigure.id`, in the model and in those with random weights. */
  readonly model: Readonly<Record<string, Float64Array>>;
  readonly random: Readonly<Record<string, Float64Array>>;
}

const PER = "group of items";

/** Mean of a figure at each step of each ladder: draws with components [ladder × step]. */
export function stepMeans(
  r: Pick<LadderReadings, "ladders" | "nSteps" | "units" | "seed" | "rows">,
  values: Float64Array,
): Draws {
  const columns = r.ladders.length * r.nSteps;
  const sums = new Float64Array(r.units * columns);
  const counts = new Float64Array(r.units * columns);
  r.rows.forEach(({ ladder, unit, step }, i) => {
    const at = unit * columns + ladder * r.nSteps + step;
    sums[at]! += values[i]!;
    counts[at]!++;
  });
  return drawRatios(sums, counts, columns, { seed: r.seed });
}

/** The last step less the first: of each ladder, then the mean over the ladders. Draws with components [ladders + 1]. */
export function climbs(r: Parameters<typeof stepMeans>[0], values: Float64Array): Draws {
  return derive(stepMeans(r, values), (means) => {
    const each = r.ladders.map((_, l) => means[l * r.nSteps + r.nSteps - 1]! - means[l * r.nSteps]!);
    return [...each, each.reduce((sum, v) => sum + v, 0) / each.length];
  });
}

/** Least-squares slope of a figure on `x` within items, of one ladder or (undefined) of all. */
export function slopeWithin(
  r: Parameters<typeof stepMeans>[0],
  ladder: number | undefined,
  x: Float64Array,
  values: Float64Array,
): Draws {
  const rows = r.rows.map((_, i) => i).filter((i) => ladder === undefined || r.rows[i]!.ladder === ladder);
  return slopes(
    {
      unit: Int32Array.from(rows, (i) => r.rows[i]!.unit),
      units: r.units,
      group: Int32Array.from(rows, (i) => r.rows[i]!.item),
      x: Float64Array.from(rows, (i) => x[i]!),
      covariates: [],
      y: Float64Array.from(rows, (i) => values[i]!),
    },
    { seed: r.seed },
  );
}

/** Values of each item dealt out to its steps anew: the control SL. */
export function dealtAnew(rows: readonly Step[], values: Float64Array, generator: Random): Float64Array {
  const dealt = new Float64Array(values.length);
  for (const own of Map.groupBy(rows.keys(), (i) => rows[i]!.item).values()) {
    const order = generator.shuffle(own);
    own.forEach((i, k) => {
      dealt[i] = values[order[k]!]!;
    });
  }
  return dealt;
}

/** Component k alone. */
const component = (draws: Draws, k: number): Draws => derive(draws, (values) => [values[k]!]);

/** Every estimate of `difficulty-ladders`. */
export function ladderEstimates(
  r: LadderReadings,
  figures: readonly StateFigure[],
  generator: () => Random,
): Estimate[] {
  const names = [...r.ladders, "mean"];
  const of = (name: string) => (name === "mean" ? "mean over the ladders" : `ladder of ${name}`);
  const resampled = "cluster bootstrap over groups of items";
  const estimates: Estimate[] = [];

  for (const [id, label, unit, values, tolerance] of [
    ["surprisal", "surprisal of the right answer", "nats", r.surprisal, 0.02],
    ["accuracy", "share of items in which the right answer is likelier than the foil", "", r.right, 0.02],
  ] as const) {
    const means = stepMeans(r, values);
    const climb = climbs(r, values);
    names.forEach((name, k) => {
      const put = (draws: Draws, suffix: string, words: string) =>
        estimates.push(
          estimate(draws, PER, {
            id: `${name}-${id}${suffix}`,
            label: `${label}, ${words}, ${of(name)}`,
            unit,
            method: `mean over items, ${resampled}`,
            tolerance,
          }),
        );
      put(component(climb, k), "", "last step less first");
      if (k === r.ladders.length) return;
      put(component(means, k * r.nSteps), "-first", "first step");
      put(component(means, (k + 1) * r.nSteps - 1), "-last", "last step");
    });
  }

  for (const { id, words, dimensions } of figures) {
    const [model, random] = [r.model[id]!, r.random[id]!];
    const dealt = dealtAnew(r.rows, model, generator());
    const put = (
      own: Draws,
      rw: Draws,
      sl: Draws,
      naming: { id: string; label: string; unit: string; method: string; tolerance: number },
    ) =>
      estimates.push(
        ...controlled(own, rw, "rw", "random weights", PER, naming),
        ...controlled(own, sl, "sl", "steps dealt out anew within the item", PER, naming).slice(1),
      );
    const [climb, rw, sl] = [model, random, dealt].map((values) => climbs(r, values)) as [Draws, Draws, Draws];
    names.forEach((name, k) => {
      put(component(climb, k), component(rw, k), component(sl, k), {
        id: `${name}-${id}`,
        label: `Hoyer sparsity, last step less first, ${words}, ${of(name)}`,
        unit: "",
        method: `same length, last token and answer at every step, ${resampled}; ${dimensions}`,
        tolerance: 2e-3,
      });
      const ladder = k === r.ladders.length ? undefined : k;
      const slope = (values: Float64Array) => slopeWithin(r, ladder, r.surprisal, values);
      put(slope(model), slope(random), slope(dealt), {
        id: `slope-${name}-${id}`,
        label: `Hoyer sparsity per nat of the right answer's surprisal, ${words}, ${ladder === undefined ? "all ladders" : of(name)}`,
        unit: "per nat",
        method: `least squares within items, ${resampled}; ${dimensions}`,
        tolerance: 4e-4,
      });
    });
  }
  return estimates;
}

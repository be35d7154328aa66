import type { Estimate, Table } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { mean } from "../../statistics/summary.ts";
import { detectableOver, onePoint, overSeeds } from "../families/seed-estimates.ts";
import { cheapestFewer, FEWER, slopes, stepsFrom } from "./frontier.ts";
import type { Tuned } from "./runs.ts";
import { stepsOf, VARIANTS, type Variant, type VariantName } from "./variants.ts";

const NATS = "nats per word";
/** A share of what there is: 1 is chance. */
const MEANINGS = "";
const TUNED = "equal training compute, each variant at the rate with its lowest mean validation loss";
const OVER_SEEDS = "paired by seed; Student's interval over seeds";

/** What a variant is, in words. */
export function wordsFor(name: VariantName): string {
  const { units, keep, price, weights }: Variant = VARIANTS[name];
  if (name === "dense") return "dense";
  if (price) return `activations at a price of ${price}`;
  if (weights) return `${100 * weights} % of the weights`;
  return keep ? `${units} units, ${keep} kept` : `${units} units`;
}

/** @param variants without the dense model */
export function estimatesOf(dense: Tuned, variants: readonly Tuned[]): Estimate[] {
  const named = (id: string, label: string, unit: string, method: string, values: readonly number[]) =>
    overSeeds({ id, label, unit, method: `${method}; ${OVER_SEEDS}`, tolerance: 0.05 }, values);
  const own = dense.runs.map(({ meanings }) => meanings);
  const untrained = dense.runs.map((run) => run.untrained);
  const units =
    "1 − average precision of the best single concept beyond its base rate, mean over 170 units of each of four blocks; concepts: the word, the word before it, their parts of speech";
  const cheapest = cheapestFewer(dense, variants);
  const chosen = `of the variants at least ${FEWER} below the dense model over the other seeds, the one with the lowest validation loss over them; ${TUNED}`;
  return [
    {
      ...named("meanings-dense", "Polysemanticity of the dense model's units", MEANINGS, units, own),
      control: "meanings-dense-untrained",
      difference: "meanings-dense-beyond-untrained",
    },
    named("meanings-dense-untrained", "Polysemanticity of untrained units", MEANINGS, units, untrained),
    named(
      "meanings-dense-beyond-untrained",
      "Polysemanticity of the dense model's units less that of untrained ones",
      MEANINGS,
      units,
      own.map((value, s) => value - untrained[s]!),
    ),
    ...variants.flatMap((variant) => {
      const steps = stepsFrom(dense, variant);
      const words = wordsFor(variant.variant);
      return [
        named(
          `loss-${variant.variant}`,
          `Loss above the dense model's: ${words}`,
          NATS,
          `test documents; ${TUNED}`,
          steps.map(({ loss }) => loss),
        ),
        named(
          `meanings-${variant.variant}`,
          `Polysemanticity above the dense model's: ${words}`,
          MEANINGS,
          `${units}; ${TUNED}`,
          steps.map(({ meanings }) => meanings),
        ),
      ];
    }),
    named(
      "cheapest-fewer",
      "Least that fewer meanings to a unit cost",
      NATS,
      `loss above the dense model's of the variant chosen on the other seeds: ${chosen}`,
      cheapest.map(({ loss }) => loss),
    ),
    named(
      "cheapest-fewer-meanings",
      "How many fewer meanings that buys",
      MEANINGS,
      `polysemanticity above the dense model's of the variant chosen on the other seeds: ${chosen}`,
      cheapest.map(({ meanings }) => meanings),
    ),
    named(
      "frontier-slope",
      "Change of the loss with polysemanticity, over variants",
      `${NATS} for a tenth`,
      `least-squares slope over all variants, seed by seed; ${TUNED}`,
      slopes([dense, ...variants]),
    ),
    detectableOver(
      {
        id: "detectable",
        label: "Smallest cost of fewer meanings that these seeds would show",
        unit: NATS,
        tolerance: 0.05,
      },
      cheapest.map(({ loss }) => loss),
    ),
  ];
}

export const quantities: readonly Quantity[] = [
  {
    quantity: "frontier",
    label: "Loss by polysemanticity",
    unit: NATS,
    x: "polysemanticity of the units",
    about: "One point for each seed of each variant. Down and to the left is better: lower loss, fewer meanings.",
  },
];

export const seriesOf = (all: readonly Tuned[]): Series[] =>
  all.map(({ variant }) => ({
    series: variant,
    label: wordsFor(variant),
    role: variant === "dense" ? ("measurement" as const) : ("part" as const),
    about: "one point for each seed",
  }));

export const curvesOf = (all: readonly Tuned[]): CurvePoint[] =>
  all.flatMap(({ variant, runs }) => runs.map(({ meanings, test }) => onePoint("frontier", variant, meanings, test)));

export const variantsTable = (all: readonly Tuned[], steps: number): Table => ({
  title: "Variants",
  columns: [
    { name: "variant", type: "string", unit: "", about: "what is done to the MLPs" },
    { name: "rate", type: "number", unit: "", about: "peak learning rate with the lowest mean validation loss" },
    { name: "inside", type: "boolean", unit: "", about: "whether rates on both sides of it were tried" },
    { name: "steps", type: "integer", unit: "steps", about: "trained for, at equal compute" },
    { name: "on", type: "number", unit: "share", about: "of the activations that are not 0, mean over seeds" },
    { name: "alive", type: "number", unit: "share", about: "of the units that ever change; the others have no score" },
    { name: "loss", type: "number", unit: NATS, about: "of the test documents, mean over seeds" },
    { name: "polysemanticity", type: "number", unit: "", about: "mean over units and seeds" },
  ],
  rows: all.map(({ variant, rate, inside, runs }) => [
    wordsFor(variant),
    rate,
    inside,
    stepsOf(variant, steps),
    mean(runs.map(({ on }) => on)),
    mean(runs.map(({ alive }) => alive)),
    mean(runs.map(({ test }) => test)),
    mean(runs.map(({ meanings }) => meanings)),
  ]),
});

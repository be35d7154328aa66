import type { LadderPrompts } from "../../artifacts/content/prompts/ladders.ts";
import { cueShares } from "../../artifacts/ladder-leaks.ts";
import type { Table } from "../../artifacts/schema.ts";
import { type CurvePoint, curvesTable, type Quantity, quantitiesTable, seriesTable } from "../../artifacts/tables.ts";
import { type Draws, derive, intervals } from "../../statistics/bootstrap.ts";
import { column } from "../support/column.ts";
import { randomWeightsSeries } from "../support/random-models.ts";
import type { StepCase } from "./cases.ts";
import { climbs, type LadderReadings, stepMeans } from "./ladder-estimates.ts";

/** Hoyer sparsity of each row at each depth, massive dimensions out: [depth][row]. */
export interface Depths {
  readonly model: readonly Float64Array[];
  readonly random: readonly Float64Array[];
}

/** Tables `curves`, `quantities` and `series`. */
export function ladderCurves(r: LadderReadings, depths: Depths, titles: readonly string[]): Record<string, Table> {
  const points: CurvePoint[] = [];
  const quantities: Quantity[] = [];
  const line = (quantity: string, series: string, draws: Draws, from: number) =>
    intervals(draws).forEach(({ value, lo, hi }, k) => {
      points.push({ quantity, series, x: from + k, value, lo, hi });
    });
  const stepsOf = (values: Float64Array, ladder: number) =>
    derive(stepMeans(r, values), (means) => means.slice(ladder * r.nSteps, (ladder + 1) * r.nSteps));

  r.ladders.forEach((id, l) => {
    const put = (name: string, label: string, unit: string, about: string) =>
      quantities.push({ quantity: `${name}-${id}`, label, unit, x: "step", about: `${titles[l]}. ${about}` });
    put("hoyer", `Hoyer sparsity, ${id}`, "", "State after the final norm at the last token. Massive dimensions out.");
    line(`hoyer-${id}`, "model", stepsOf(r.model.normed!, l), 1);
    line(`hoyer-${id}`, "RW", stepsOf(r.random.normed!, l), 1);
    put("surprisal", `Surprisal of the right answer, ${id}`, "nats", "Of the token that begins it.");
    line(`surprisal-${id}`, "model", stepsOf(r.surprisal, l), 1);
    put("accuracy", `Accuracy, ${id}`, "", "Share of items in which the right answer is likelier than the foil.");
    line(`accuracy-${id}`, "model", stepsOf(r.right, l), 1);
  });
  quantities.push({
    quantity: "depth",
    label: "Hoyer sparsity, last step less first",
    unit: "",
    x: "depth",
    about: "Mean over the ladders, state at the last token. Massive dimensions out.",
  });
  for (const [series, values] of [
    ["model", depths.model],
    ["RW", depths.random],
  ] as const)
    values.forEach((at, depth) => {
      line(
        "depth",
        series,
        derive(climbs(r, at), (each) => [each.at(-1)!]),
        depth,
      );
    });
  return {
    curves: curvesTable(points),
    quantities: quantitiesTable(quantities),
    series: seriesTable([
      { series: "model", label: "model", role: "measurement", about: "The ladders' prompts, the model as it is" },
      randomWeightsSeries("the same prompts; three seeds, a third of the groups of items each"),
    ]),
  };
}

/** What the prompt set holds at each step, and what of it this tokenizer leaves. */
export function balanceTable(set: LadderPrompts, kept: readonly string[], cases: readonly StepCase[]): Table {
  const rows = set.ladders.flatMap((ladder) =>
    ladder.steps.map((what, step) => {
      const own = cases.filter((each) => kept[each.ladder] === ladder.id && each.step === step);
      const lengths = own.map(({ prompt }) => prompt.length);
      const shares = cueShares(ladder.items, step).map(({ share }) => (Number.isFinite(share) ? share : null));
      return [
        ladder.id,
        step + 1,
        what,
        ladder.items.length,
        new Set(ladder.items.map(({ group }) => group)).size,
        new Set(ladder.items.map(({ template }) => template)).size,
        own.length,
        lengths.length > 0 ? Math.min(...lengths) : null,
        lengths.length > 0 ? Math.max(...lengths) : null,
        new Set(own.map(({ prompt }) => prompt.at(-1))).size,
        ...shares,
      ];
    }),
  );
  return {
    title: "Balance",
    columns: [
      column("ladder", "string", "", "id of the ladder"),
      column("step", "integer", "", "1 is the easiest"),
      column("what", "string", "", "what makes it hard"),
      column("items", "integer", "", "prompts"),
      column("groups", "integer", "", "groups that share their words"),
      column("templates", "integer", "", "templates"),
      column("kept", "integer", "", "items whose steps have one length, last token and answer in these tokens"),
      column("shortest", "integer", "tokens", "length of the shortest prompt; one item's steps have one length"),
      column("longest", "integer", "tokens", "length of the longest"),
      column("last tokens", "integer", "", "different last tokens; one item's steps have the same"),
      column("answer first", "number", "", "share in which the answer stands before the foil, of those with both"),
      column("answer longer", "number", "", "share in which it is the longer word, of those where one is"),
      column("answer larger", "number", "", "share in which it is the larger number, of those with numbers"),
      column("by last word", "number", "", "share that the last word's form tells, among items with one pair of words"),
      column("by length", "number", "", "share that the prompt's length tells, among items with one pair of words"),
    ],
    rows,
  };
}

import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { type Draws, derive, difference, drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { mean } from "../../statistics/summary.ts";
import { estimate, type Naming } from "../support/estimates.ts";
import { randomWeightsSeries } from "../support/random-models.ts";
import type { Task } from "./examples.ts";
import type { Tally } from "./measure.ts";

export const ATTRIBUTES: Record<string, string> = {
  capital: "capital letter",
  past: "past form of a verb",
  pos: "part of speech",
  supersense: "class of noun",
  next: "next word's part of speech",
  genre: "genre of the passage",
};

export const SERIES: readonly Series[] = [
  { series: "model", label: "this model", role: "measurement", about: "the trained model" },
  randomWeightsSeries("mean of three seeds"),
  {
    series: "control",
    label: "control task",
    role: "control",
    about: "accuracy on random labels, one for each word form",
  },
];

export const quantities = (): Quantity[] =>
  Object.entries(ATTRIBUTES).flatMap(([id, label]) => [
    {
      quantity: `${id}-selectivity`,
      label,
      unit: "selectivity",
      x: "depth",
      about: `Held-out accuracy of a ridge probe for: ${label}, less its accuracy on random labels that hold for each word form.`,
    },
    {
      quantity: `${id}-accuracy`,
      label: `${label}, accuracy`,
      unit: "accuracy",
      x: "depth",
      about: `Held-out accuracy of a ridge probe for: ${label}; beside it that of its control task.`,
    },
  ]);

/** The depths read under the trained weights and under random ones, and of both those that contrasts stand at. */
export interface ReadDepths {
  readonly every: readonly number[];
  readonly control: readonly number[];
  readonly early: readonly number[];
  readonly late: readonly number[];
}

export interface DecodabilityFindings {
  readonly trained: Tally;
  readonly controls: readonly Tally[];
  readonly tasks: readonly Task[];
  readonly passages: number;
  readonly depths: ReadDepths;
  readonly seed: number;
}

/** Curves and estimates; whole documents are resampled, the same for all attributes, depths and controls. */
export function report({ trained, controls, tasks, passages, depths: p, seed }: DecodabilityFindings): {
  points: CurvePoint[];
  estimates: Estimate[];
} {
  const points: CurvePoint[] = [];
  const estimates: Estimate[] = [];
  const methods = methodsOf(p);
  for (const task of tasks) {
    const counts = new Array<number>(passages).fill(0);
    for (const { passage } of task.examples) counts[passage]!++;
    // A ratio of sums: a passage weighs as much as it has examples.
    const ratios = (rows: readonly (readonly number[])[]) =>
      drawRatios(
        rows.flat(),
        rows.flatMap((row, i) => row.map(() => counts[i]!)),
        rows[0]!.length,
        { seed },
      );
    for (const name of task.attributes) {
      const selectivity = ratios(minus(trained.task[name]!, trained.control[name]!));
      const randomly = ratios(average(controls.map((tally) => minus(tally.task[name]!, tally.control[name]!))));
      const curve = (quantity: string, series: string, draws: Draws, depths: readonly number[]) =>
        points.push(...intervals(draws).map((interval, i) => ({ quantity, series, x: depths[i]!, ...interval })));
      curve(`${name}-selectivity`, "model", selectivity, p.every);
      curve(`${name}-selectivity`, "RW", randomly, p.control);
      const at = (draws: Draws, depths: readonly number[], wanted: readonly number[]) =>
        derive(draws, (all) => [mean(wanted.map((depth) => all[depths.indexOf(depth)]!))]);
      const put = (id: string, what: string, draws: Draws, more: Partial<Naming> = {}) => {
        const label = `${ATTRIBUTES[name]}: ${what}`;
        const naming = {
          id: `${name}-${id}`,
          label,
          unit: "selectivity",
          method: methods.selectivity,
          tolerance: 0.02,
        };
        estimates.push(estimate(draws, "document", { ...naming, ...more }));
      };
      const early = at(selectivity, p.every, p.early);
      const late = at(selectivity, p.every, p.late);
      const step = difference(late, early);
      const randomStep = difference(at(randomly, p.control, p.late), at(randomly, p.control, p.early));
      const fixed = at(selectivity, p.every, [0]);
      put("static", "selectivity in the embedding", fixed);
      put("early", "selectivity early", early);
      put("late", "selectivity late", late);
      put("late-minus-static", "late − embedding", difference(late, fixed));
      put("late-minus-early-random", "late − early, random weights", randomStep);
      put("late-minus-early", "late − early", step, {
        control: `${name}-late-minus-early-random`,
        difference: `${name}-late-minus-early-minus-random`,
      });
      put("late-minus-early-minus-random", "late − early, less random weights", difference(step, randomStep));

      // Selectivity is a difference: without its two terms nobody can tell a better task from a worse control.
      const accuracy = ratios(trained.task[name]!);
      const memory = ratios(trained.control[name]!);
      const randomAccuracy = ratios(average(controls.map((tally) => tally.task[name]!)));
      curve(`${name}-accuracy`, "model", accuracy, p.every);
      curve(`${name}-accuracy`, "control", memory, p.every);
      curve(`${name}-accuracy`, "RW", randomAccuracy, p.control);
      const plain = (id: string, what: string, draws: Draws, more: Partial<Naming> = {}) =>
        put(id, what, draws, { unit: "accuracy", method: methods.accuracy, ...more });
      const change = (draws: Draws, depths: readonly number[]) =>
        difference(at(draws, depths, p.late), at(draws, depths, p.early));
      const fall = change(accuracy, p.every);
      const randomFall = change(randomAccuracy, p.control);
      plain("accuracy-early", "accuracy early", at(accuracy, p.every, p.early));
      plain("accuracy-late", "accuracy late", at(accuracy, p.every, p.late));
      plain("control-accuracy-early", "control task early", at(memory, p.every, p.early));
      plain("control-accuracy-late", "control task late", at(memory, p.every, p.late));
      plain("accuracy-late-minus-early-random", "accuracy late − early, random weights", randomFall);
      plain("accuracy-late-minus-early", "accuracy late − early", fall, {
        control: `${name}-accuracy-late-minus-early-random`,
        difference: `${name}-accuracy-late-minus-early-minus-random`,
      });
      plain(
        "accuracy-late-minus-early-minus-random",
        "accuracy late − early, less random weights",
        difference(fall, randomFall),
      );
    }
  }
  return { points, estimates };
}

function methodsOf({ early, late }: ReadDepths): { selectivity: string; accuracy: string } {
  const rest = `early: depths ${early.join(" and ")}, late: ${late.join(" and ")}; cluster bootstrap of documents, 2,000 resamples`;
  const probe = "accuracy of a ridge probe tested on the other half of the documents";
  return {
    selectivity: `${probe}, less that on control labels by word form (mean of three draws); ${rest}`,
    accuracy: `${probe}, on the attribute or on its control labels; ${rest}`,
  };
}

const minus = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] =>
  a.map((row, i) => row.map((value, j) => value - b[i]![j]!));

const average = (all: readonly number[][][]): number[][] =>
  all[0]!.map((row, i) => row.map((_, j) => mean(all.map((rows) => rows[i]![j]!))));

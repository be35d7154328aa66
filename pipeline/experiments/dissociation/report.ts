import type { Table } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity } from "../../artifacts/tables.ts";
import { drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { takeRows } from "../../statistics/dense.ts";
import { column } from "../support/column.ts";
import type { Baseline } from "./estimates.ts";
import type { Task } from "./items.ts";
import { type Damage, shuffledTasks } from "./profiles.ts";

const KINDS = ["attention", "mlp"] as const;

export function damageQuantities(tasks: readonly Task[]): Quantity[] {
  return tasks.flatMap(({ id, title }) =>
    KINDS.map((kind) => ({
      quantity: `${kind}-damage-${id}`,
      label: `${kind === "mlp" ? "MLP" : "Attention"} damage: ${id}`,
      unit: "share of clean margin",
      x: "block",
      about: `How much of the answer's lead over the foil is lost when the ${kind === "mlp" ? "MLP" : "attention"} write of one block is replaced by its mean. ${title}.`,
    })),
  );
}

/** Damage by block for each task, with a shuffled-label curve beside it. Sublayers come attention, MLP, attention, … */
export function damageCurves(
  tasks: readonly Task[],
  damage: Damage,
  { resamples }: { resamples: number },
  seed: number,
): CurvePoint[] {
  const series = [
    ["model", damage],
    ["SL", shuffledTasks(damage, seed)],
  ] as const;
  return tasks.flatMap(({ id }, t) =>
    series.flatMap(([name, { sums, items, tasks: labels }]) => {
      const frames = [...labels.keys()].filter((f) => labels[f] === t);
      const draws = drawRatios(
        takeRows(sums, frames).data,
        frames.map((f) => items[f]!),
        sums.columns,
        { resamples, seed },
      );
      return intervals(draws).map((interval, s) => ({
        quantity: `${KINDS[s % 2]!}-damage-${id}`,
        series: name,
        x: s >> 1,
        ...interval,
      }));
    }),
  );
}

export function taskTable(tasks: readonly Task[], baselines: readonly Baseline[], kept: readonly number[]): Table {
  return {
    title: "Tasks",
    columns: [
      column("task", "string", "", "id of the task in content/prompts/tasks.yaml"),
      column("items", "integer", "", "items used"),
      column("frames", "integer", "", "frames they share"),
      column("accuracy", "number", "share", "share of items whose answer beats its foil"),
      column("margin", "number", "nats", "mean logit of the answer minus that of the foil"),
      column("kept", "boolean", "", "whether accuracy is above chance, so that damage means something"),
    ],
    rows: tasks.map(({ id }, t) => {
      const { items, frames, model, meanMargin } = baselines[t]!;
      return [id, items, frames, model.value, meanMargin, kept.includes(t)];
    }),
  };
}

import { describe, expect, it } from "vitest";
import type { Tokenizer } from "../../pipeline/engine/checkpoint.ts";
import { encodeItem, isTold } from "../../pipeline/experiments/dissociation/ablated-margins.ts";
import { accuracyIds, agreementEstimates, agreementIds } from "../../pipeline/experiments/dissociation/estimates.ts";
import { damageOf, tasksOf } from "../../pipeline/experiments/dissociation/items.ts";
import { agreement, type Damage, halvings, shuffledTasks } from "../../pipeline/experiments/dissociation/profiles.ts";
import { experiment } from "../../pipeline/experiments/sublayer-dissociation.ts";
import { dense } from "../../pipeline/statistics/dense.ts";
import { random } from "../../pipeline/statistics/random.ts";

const TASKS = 4;
const FRAMES = 12;
const SUBLAYERS = 60;
const every = Array.from({ length: SUBLAYERS }, (_, s) => s);

/** Damage with a profile that all tasks share and, times `own`, one sublayer set of each task's own; noise on every frame. */
function planted(own: number, seed: number, noise = 0.5): Damage {
  const { normal } = random(seed);
  const common = every.map(() => normal() ** 2);
  const sums = dense(TASKS * FRAMES, SUBLAYERS);
  const tasks = Int32Array.from({ length: TASKS * FRAMES }, (_, f) => Math.floor(f / FRAMES));
  tasks.forEach((task, f) => {
    for (const s of every)
      sums.data[f * SUBLAYERS + s] = 2 * (common[s]! + (s % TASKS === task ? own : 0) + noise * normal());
  });
  return { sums, items: new Int32Array(tasks.length).fill(2), tasks };
}

const read = (damage: Damage) =>
  agreement(damage, new Int32Array(damage.items.length).fill(1), halvings(damage.tasks, 10, 1), every);

describe("agreement of damage profiles", () => {
  it("finds sublayers that only one task needs", () => {
    const found = read(planted(2, 1));
    expect(found.within - found.between).toBeGreaterThan(0.3);
    expect(found.specificShare).toBeGreaterThan(0.2);
    expect(found.doubleDissociation).toBeGreaterThan(1.5);
  });

  it("finds none where all tasks share one profile, however noisy", () => {
    const found = read(planted(0, 2));
    expect(Math.abs(found.within - found.between)).toBeLessThan(0.05);
    expect(Math.abs(found.specificShare)).toBeLessThan(0.05);
    expect(found.doubleDissociation).toBeLessThan(0.2);
  });

  it("doesn't take noise for what is a task's own: products go across the halves", () => {
    const found = read(planted(0, 6, 4));
    expect(Math.abs(found.specificShare)).toBeLessThan(0.2);
    expect(Math.abs(found.doubleDissociation)).toBeLessThan(2);
  });

  it("loses the planted difference when tasks are dealt out anew", () => {
    const damage = shuffledTasks(planted(2, 3), 4);
    const found = read(damage);
    expect(Math.abs(found.within - found.between)).toBeLessThan(0.1);
  });

  it("passes over a halving that a resample left without a task", () => {
    const damage = planted(2, 5);
    const halves = halvings(damage.tasks, 4, 1);
    const weights = Int32Array.from(damage.tasks, (task, f) => (task === 0 && halves[0]![f] === 1 ? 0 : 1));
    expect(Number.isFinite(agreement(damage, weights, halves, every).within)).toBe(true);
  });
});

it("keeps the halves of each task equal and never splits a frame", () => {
  const tasks = Int32Array.of(0, 0, 0, 0, 1, 1);
  for (const half of halvings(tasks, 5, 3)) {
    expect([0, 1, 2, 3].filter((f) => half[f] === 1)).toHaveLength(2);
    expect([4, 5].filter((f) => half[f] === 1)).toHaveLength(1);
  }
});

it("counts damage as a share of the task's clean margin, by frame", () => {
  const item = (id: string) => ({ id, prompt: "a", answer: " b", foil: " c" });
  const items = Array.from({ length: 8 }, (_, i) => item(`i-${i}`));
  const tasks = tasksOf(
    {
      kind: "tasks",
      title: "t",
      about: "a",
      made: "m",
      licence: "l",
      tasks: [
        { id: "pairs", title: "t", about: "a", items },
        { id: "indirect-object", title: "t", about: "a", items },
      ],
    },
    2,
    () => true,
  );
  expect(tasks.map(({ frames }) => frames.map((frame) => frame.length))).toEqual([
    [2, 2],
    [4, 4],
  ]);
  // One sublayer; the second task's items all lose a quarter of a clean margin of 4.
  const clean = Float64Array.from({ length: 12 }, (_, i) => (i < 4 ? 1 : 4));
  const ablated = clean.map((margin, i) => (i < 4 ? margin : margin - 1));
  const damage = damageOf(tasks, [1], clean, ablated);
  expect([...damage.items]).toEqual([4, 4]);
  expect([...damage.sums.data]).toEqual([1, 1]);
});

describe("items whose candidates are several tokens", () => {
  /** One token a letter, with its space. */
  const letters: Tokenizer = {
    encode: (text) => Array.from(text.matchAll(/ ?\S/g), ([piece]) => piece.charCodeAt(piece.length - 1)),
    decode: (ids) => String.fromCharCode(...ids),
    token: (id) => String.fromCharCode(id),
    vocabularySize: 128,
  };
  const item = (id: string, answer: string, foil: string) => ({ id, prompt: "of", answer, foil });

  it("are compared by the first token of each", () => {
    expect(encodeItem(item("x", " was", " did"), letters)).toEqual({ ids: [111, 102], candidates: [119, 100] });
  });

  it("are left out with their whole frame where these are the same", () => {
    const items = [
      item("a", " was", " did"),
      item("b", " was", " were"),
      item("c", " was", " did"),
      item("d", " did", " was"),
    ];
    const prompts = { kind: "tasks", title: "t", about: "a", made: "m", licence: "l" } as const;
    const tasks = tasksOf({ ...prompts, tasks: [{ id: "pairs", title: "t", about: "a", items }] }, 9, (each) =>
      isTold(each, letters),
    );
    expect(tasks[0]!.frames.map((frame) => frame.map(({ id }) => id))).toEqual([["c", "d"]]);
  });

  it("name every estimate that they might have had", () => {
    const named = [...accuracyIds({ id: "pairs" }), ...agreementIds()];
    const damage = planted(1, 1);
    const sampling = { resamples: 3, splits: 2, shuffles: 1 };
    expect(agreementEstimates(damage, sampling, 1).map(({ id }) => id)).toEqual(agreementIds());
    expect(new Set(named).size).toBe(named.length);
  });
});

it("is called by its file's name", () => {
  expect(experiment.id).toBe("sublayer-dissociation");
});

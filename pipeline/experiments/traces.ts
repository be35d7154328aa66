import type { TracePrompts } from "../artifacts/content/prompts/traces.ts";
import { type Estimate, SCHEMA_VERSION, type Trace } from "../artifacts/schema.ts";
import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { tracePrompts } from "../engine/run/prompt-trace.ts";
import { ratioOfSums } from "../statistics/bootstrap.ts";
import type { Experiment, ExperimentContext, Measurement } from "./experiment.ts";
import { predictionDepth } from "./lens/settling.ts";
import { quantityRows } from "./lens/words.ts";

interface Parameters {
  readonly [name: string]: string | number;
  readonly prompts: string;
  readonly topK: number;
}

/** Every prompt of the trace explorer, whole: one file each, and what they have in common in a few figures. */
export const experiment: Experiment<Parameters> = {
  id: "traces",
  version: 1,
  seed: 20261122,
  parameters: { prompts: "traces", topK: 5 },
  inputs: { prompts: ["traces"], corpora: [] },
  async run(context, { prompts: set, topK }) {
    const prompts = context.prompts(set);
    if (prompts.kind !== "traces")
      throw new Error(`The prompt set "${set}" is of kind ${prompts.kind}; expected traces.`);
    const traces = await readTraces(context, prompts.prompts, topK);
    return summarize(traces, prompts.prompts, context);
  },
};

type Prompt = TracePrompts["prompts"][number];

async function readTraces(context: ExperimentContext, prompts: readonly Prompt[], topK: number): Promise<Trace[]> {
  const { model, tokenizer, signal } = context;
  const ids = prompts.map(({ text }) => tokenizer.encode(text));
  const progress = (share: number) => context.progress(share, "prompts read");
  const traces = await tracePrompts(model, tokenizer, ids, { topK, signal, progress });
  return prompts.map(({ id, text }, i) => ({
    schema: SCHEMA_VERSION,
    id,
    model: model.id,
    prompt: text,
    ...traces[i]!,
  }));
}

/** Mean over the positions after the first of each prompt, and its bootstrap over groups of prompts that were written together. */
function summarize(
  traces: readonly Trace[],
  prompts: readonly Prompt[],
  { seed, model }: ExperimentContext,
): Measurement {
  const depths = model.config.nLayers + 1;
  const groups = groupsOf(prompts);
  const per = "prompt, pairs together";
  const method =
    "mean over every position but the first; 95 % percentile interval from 2,000 resamples of prompts, a pair drawn as one";
  const kinds: [string, (trace: Trace, token: number, depth: number) => number][] = [
    ["kl", (trace, token, depth) => trace.kl[depth]![token]!],
    ["entropy", (trace, token, depth) => trace.entropy[depth]![token]!],
  ];
  const perDepth = (value: (trace: Trace, token: number, depth: number) => number) =>
    overGroups(traces, groups, depths, seed, (trace, token) =>
      Array.from({ length: depths }, (_, d) => value(trace, token, d)),
    );
  const curves = kinds.flatMap(([quantity, value]) =>
    perDepth(value).map((interval, x) => ({ quantity, series: "model", x, ...interval })),
  );
  const uniform = Math.log(model.config.vocabSize);
  const flat = Array.from({ length: depths }, (_, x) => ({
    quantity: "entropy",
    series: "uniform",
    x,
    value: uniform,
    lo: null,
    hi: null,
  }));

  const figures = overGroups(traces, groups, 3, seed, (trace, token) => {
    const next = trace.next[token];
    return [
      predictionDepth(trace.top.map((row) => row[token]![0]![0])),
      trace.entropy.at(-1)![token]!,
      next === null || next === undefined ? Number.NaN : Number(trace.rank.at(-1)![token] === 0),
    ];
  });
  const estimate = (i: number, id: string, label: string, unit: string, tolerance: number): Estimate => ({
    id,
    label,
    ...figures[i]!,
    level: 0.95,
    n: groups.length,
    per,
    unit,
    method,
    tolerance,
  });
  return {
    estimates: [
      estimate(
        0,
        "prediction-depth",
        "mean depth at which the likeliest next token is settled, on the explorer's prompts",
        "blocks",
        0.5,
      ),
      estimate(
        1,
        "entropy-final",
        "mean entropy of the model's own prediction on the explorer's prompts",
        "nats",
        0.02,
      ),
      estimate(
        2,
        "next-token-first",
        "share of positions whose likeliest token is the one that follows, on the explorer's prompts",
        "share",
        0.03,
      ),
    ],
    tables: {
      curves: curvesTable([...curves, ...flat]),
      quantities: quantitiesTable(quantityRows.filter(({ quantity }) => kinds.some(([kind]) => kind === quantity))),
      series: seriesTable([
        {
          series: "model",
          label: "the model",
          role: "measurement",
          about: "mean over the prompts of the trace explorer",
        },
        {
          series: "uniform",
          label: "uniform guess",
          role: "control",
          about: "the same chance for every token of the vocabulary",
        },
      ]),
      prompts: promptsTable(traces),
    },
    files: Object.fromEntries(traces.map((trace) => [`traces/${trace.id}.json`, `${JSON.stringify(trace)}\n`])),
  };
}

const promptsTable = (traces: readonly Trace[]): Measurement["tables"][string] => ({
  title: "Prompts",
  columns: [
    { name: "id", type: "string", unit: "", about: "id of the prompt" },
    { name: "tokens", type: "integer", unit: "tokens", about: "length of the prompt" },
    {
      name: "prediction_depth",
      type: "number",
      unit: "blocks",
      about: "mean prediction depth over every position but the first",
    },
    {
      name: "next_token_first",
      type: "number",
      unit: "share",
      about: "share of positions, the first left out, whose likeliest token is the one that follows",
    },
    { name: "prompt", type: "string", unit: "", about: "its text" },
  ],
  rows: traces.map((trace) => [trace.id, trace.ids.length, meanDepth(trace), hits(trace), trace.prompt]),
});

function meanDepth(trace: Trace): number {
  const found = trace.ids.slice(1).map((_, i) => predictionDepth(trace.top.map((row) => row[i + 1]![0]![0])));
  return found.reduce((sum, depth) => sum + depth, 0) / found.length;
}

/** Share of positions, the first left out, whose likeliest token is the one that follows. */
function hits(trace: Trace): number {
  const ranks = trace.rank
    .at(-1)!
    .slice(1)
    .filter((rank) => rank !== null);
  return ranks.filter((rank) => rank === 0).length / ranks.length;
}

/** Indices of prompts that belong together, by `pair`. */
function groupsOf(prompts: readonly Prompt[]): number[][] {
  const groups = new Map<string, number[]>();
  prompts.forEach(({ id, pair }, i) => {
    const key = [id, pair ?? id].sort()[0]!;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}

/** Intervals of `columns` means over all positions but the first; NaN leaves a position out of one column. */
function overGroups(
  traces: readonly Trace[],
  groups: readonly number[][],
  columns: number,
  seed: number,
  values: (trace: Trace, token: number) => readonly number[],
) {
  const sums = new Float64Array(groups.length * columns);
  const counts = new Float64Array(groups.length * columns);
  groups.forEach((members, g) => {
    for (const i of members)
      for (let token = 1; token < traces[i]!.ids.length; token++)
        values(traces[i]!, token).forEach((value, c) => {
          if (Number.isNaN(value)) return;
          sums[g * columns + c]! += value;
          counts[g * columns + c]! += 1;
        });
  });
  return ratioOfSums(sums, counts, columns, { seed });
}

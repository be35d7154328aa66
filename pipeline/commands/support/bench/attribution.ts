import type { Command } from "commander";
import { readContent } from "../../../artifacts/content-files.ts";
import { activationPatching } from "../../../engine/attribution/activation-patching.ts";
import { attributionPatching } from "../../../engine/attribution/attribution-patching.ts";
import { integratedGradients } from "../../../engine/attribution/integrated-gradients.ts";
import type { Effects, Pair } from "../../../engine/attribution/pairs.ts";
import type { Tokenizer } from "../../../engine/checkpoint.ts";
import { encodeItem, isTold } from "../../../experiments/dissociation/ablated-margins.ts";
import { tasksOf } from "../../../experiments/dissociation/items.ts";
import { openLanguageModel } from "../../../runtime/open-model.ts";
import { bootstrap, type Interval } from "../../../statistics/bootstrap.ts";
import { spearman } from "../../../statistics/rank.ts";
import { badUse, run, UserError } from "../errors.ts";
import { startProgress } from "../progress.ts";

/** Tasks whose prompts come two and two, differing in what decides the answer. */
const TASKS = ["indirect-object", "agreement"];
const HEADS = "blocks.*.attn.hook_z";

interface Options {
  model: string;
  pairs: string;
  steps: string;
  json?: boolean;
}

/** How an estimate agrees with real patching over all heads. */
interface Agreement {
  readonly estimate: "attribution patching" | "integrated gradients";
  /** Mean over pairs of Spearman's rank correlation over heads, and its interval over pairs. */
  readonly spearman: Interval;
  /** Seconds a pair, and those of patching over them. */
  readonly seconds: number;
  readonly faster: number;
}

interface TaskResult {
  readonly task: string;
  readonly pairs: number;
  readonly heads: number;
  readonly agreements: readonly Agreement[];
  /** Of integrated gradients: the largest |Σ effects − change| of a point as a share of the largest change of its pair. */
  readonly incompleteness: number;
}

/** Adds `bench attribution`: do gradients tell which heads patching finds to matter? */
export function addAttribution(bench: Command): void {
  bench
    .command("attribution")
    .description("attribution patching and integrated gradients of every head, beside really patching each")
    .option("--model <id>", "which model", "smollm2-135m")
    .option("--pairs <n>", "pairs a task", "8")
    .option("--steps <n>", "of integrated gradients", "5")
    .option("--json", "one JSON object on standard output")
    .action(run(benchAttribution));
}

async function benchAttribution({ model: id, json, ...counts }: Options): Promise<undefined> {
  const [wanted, steps] = (["pairs", "steps"] as const).map((name) => {
    const value = Number(counts[name]);
    const least = name === "pairs" ? 2 : 1;
    if (!Number.isInteger(value) || value < least)
      throw badUse(`--${name} ${counts[name]}: give a whole number of ${least} or more.`);
    return value;
  }) as [number, number];
  const prompts = readContent(".", ["prompts"]).prompts.find((set) => set.id === "tasks");
  if (!prompts) throw new UserError("There is no content/prompts/tasks.yaml: run this from the project's folder.");
  const { model, tokenizer, release } = await openLanguageModel(id);
  const progress = startProgress("attribution", 3 * TASKS.length, { unit: "runs" });
  const results: TaskResult[] = [];
  try {
    for (const task of tasksOf(prompts.data, wanted, (item) => isTold(item, tokenizer)).filter((each) =>
      TASKS.includes(each.id),
    )) {
      const pairs = task.frames
        .flatMap((frame) => [frame.slice(0, 2), frame.slice(2, 4)])
        .flatMap(([clean, corrupted]) => (clean && corrupted ? [pairOf(clean, corrupted, tokenizer)] : []))
        .filter((pair) => pair.clean.length === pair.corrupted.length)
        .slice(0, wanted);
      const timed = async <T>(what: string, work: () => Promise<T>): Promise<[found: T, seconds: number]> => {
        progress.update(3 * results.length, `${task.id}: ${what}`);
        const begun = performance.now();
        const found = await work();
        return [found, (performance.now() - begun) / 1000 / pairs.length];
      };
      const [real, patching] = await timed("patching", () =>
        activationPatching(model, pairs, { at: HEADS, heads: true }),
      );
      const [first, attribution] = await timed("attribution", () => attributionPatching(model, pairs, { at: HEADS }));
      const [path, integration] = await timed("integrated gradients", () =>
        integratedGradients(model, pairs, { at: HEADS, steps }),
      );
      results.push({
        task: task.id,
        pairs: pairs.length,
        heads: real.effects[0]!.length,
        agreements: [
          {
            estimate: "attribution patching",
            spearman: agreement(first, real),
            seconds: attribution,
            faster: patching / attribution,
          },
          {
            estimate: "integrated gradients",
            spearman: agreement(path, real),
            seconds: integration,
            faster: patching / integration,
          },
        ],
        incompleteness: Math.max(
          ...path.effects.map((effects, pair) => {
            const changes = path.change[pair]!;
            const heads = effects.length / changes.length;
            const gaps = changes.map((change, p) => {
              const sum = effects.subarray(p * heads, (p + 1) * heads).reduce((total, effect) => total + effect, 0);
              return Math.abs(sum - change);
            });
            return Math.max(...gaps) / Math.max(...changes.map(Math.abs));
          }),
        ),
      });
    }
  } finally {
    progress.stop();
    await release();
  }
  process.stdout.write(json ? `${JSON.stringify({ model: id, steps, tasks: results })}\n` : table(id, steps, results));
}

/** The clean run is the first item's, with its answer and foil; the second item is the same prompt made to ask for the foil. */
function pairOf(
  clean: Parameters<typeof encodeItem>[0],
  corrupted: Parameters<typeof encodeItem>[0],
  tokenizer: Tokenizer,
): Pair {
  const { ids, candidates } = encodeItem(clean, tokenizer);
  return { clean: ids, corrupted: encodeItem(corrupted, tokenizer).ids, candidates };
}

function agreement(estimate: Effects, real: Effects): Interval {
  const each = real.effects.map((effects, pair) => spearman(estimate.effects[pair]!, effects));
  const mean = (pairs: Int32Array) => pairs.reduce((sum, pair) => sum + each[pair]!, 0) / pairs.length;
  return bootstrap(each.length, mean, { seed: 20261122 });
}

function table(model: string, steps: number, results: readonly TaskResult[]): string {
  const rows = results.flatMap(({ task, pairs, heads, agreements }) =>
    agreements.map(
      ({ estimate, spearman: { value, lo, hi }, seconds, faster }) =>
        `| ${task} | ${pairs} | ${heads} | ${estimate} | ${value.toFixed(3)} [${lo.toFixed(3)}, ${hi.toFixed(3)}] | ${seconds.toFixed(2)} | ${faster.toFixed(1)} |`,
    ),
  );
  const gap = Math.max(...results.map(({ incompleteness }) => incompleteness));
  return [
    `Effects of every head of ${model} on answer less foil, beside really patching each`,
    "",
    "| task | pairs | heads | estimate | Spearman with patching (95 % over pairs) | seconds a pair | faster than patching by |",
    "|---|---:|---:|---|---:|---:|---:|",
    ...rows,
    "",
    `Seconds hold the making of the graph. Integrated gradients of ${steps} steps miss completeness by at most ${(100 * gap).toFixed(1)} % of the largest change of a pair.`,
    "",
  ].join("\n");
}

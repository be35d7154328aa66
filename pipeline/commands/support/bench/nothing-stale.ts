import { UserError } from "../errors.ts";
import { measureHere } from "./measure-here.ts";
import { temporaryVault } from "./temporary-vault.ts";
import { timedCommand } from "./timed-command.ts";

/** Experiments of the vault; as many subjects as make up the artifacts. */
const EXPERIMENTS = 40;

/** Rows of an artifact's table: about as many bytes as this project's own results have. */
const ROWS = 1500;

/**
 * Seconds of `measure` where nothing is stale, in a vault of so many artifacts: the least of some counts. Its experiments
 * import the engine, so that what a key covers is as much as in this project.
 */
export async function nothingStale(artifacts: number, repeats: number): Promise<number> {
  const vault = temporaryVault("bench-stale");
  try {
    vault.link("node_modules", "pipeline/engine", "pipeline/statistics");
    const subjects = Math.ceil(artifacts / EXPERIMENTS);
    for (let i = 0; i < subjects; i++)
      vault.write(
        `content/families/family-${i}.yaml`,
        `id: family-${i}\ntitle: Family ${i}\nabout: Made for a bench.\n`,
      );
    for (let i = 0; i < Math.min(EXPERIMENTS, artifacts); i++)
      vault.write(`pipeline/experiments/numbers-${i}.ts`, numbers(`numbers-${i}`, i));
    await measureHere(vault.root);
    const took: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const { seconds, printed } = await timedCommand(vault.root, ["measure"]);
      if (!printed.startsWith("Nothing to do"))
        throw new UserError(`measure was to find nothing to do; it said: ${printed}`);
      took.push(seconds);
    }
    return Math.min(...took);
  } finally {
    vault.remove();
  }
}

const numbers = (id: string, seed: number) => `import type { LanguageModel } from "../engine/run/language-model.ts";
import { createLanguageModel } from "../engine/run/create-language-model.ts";
import { mean } from "../statistics/summary.ts";
export const opener: unknown = createLanguageModel;
export type Model = LanguageModel;
export const experiment = {
  id: "${id}", version: 1, seed: ${seed}, subject: "families", parameters: { rows: ${ROWS} },
  inputs: { prompts: [], corpora: [] },
  async run(_, { rows }) {
    const values = Array.from({ length: rows }, (_, i) => Math.sin(i + ${seed}));
    const columns = ["depth", "value", "lo", "hi"].map((name) => ({ name, type: "number", unit: "nats", about: "Made for a bench." }));
    const estimate = (_, i) => ({
      id: \`estimate-\${i}\`, label: "Made for a bench", value: mean(values) + i, lo: i - 1, hi: i + 1, level: 0.95,
      n: rows, per: "row", unit: "nats", method: "none", tolerance: 0.001,
    });
    return {
      tables: { curve: { title: "Curve", columns, rows: values.map((value, i) => [i, value, value - 1, value + 1]) } },
      estimates: Array.from({ length: 30 }, estimate),
    };
  },
};
`;

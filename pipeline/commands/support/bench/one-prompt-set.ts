import { readArtifact } from "../../../artifacts/store.ts";
import { makePlan } from "../../../jobs/plan.ts";
import { UserError } from "../errors.ts";
import { measureHere } from "./measure-here.ts";
import { temporaryVault } from "./temporary-vault.ts";
import { timedCommand } from "./timed-command.ts";

const SETS = ["changed", "kept"] as const;

/** How long an experiment waits, by the environment: what a key doesn't cover. */
const WAIT = "SOUNDINGS_BENCH_SECONDS";

/** What a run took after one of two prompt sets had been changed, and what its results cost by their own records, in seconds. */
export interface OnePromptSet {
  readonly results: number;
  readonly took_s: number;
  readonly costs_s: number;
}

/**
 * Changes one of two prompt sets of a vault, each read by so many experiments that take a known time by the clock, and
 * measures. Throws UserError when anything but the results of the changed set is computed.
 */
export async function onePromptSet(results: number, seconds: number): Promise<OnePromptSet> {
  const vault = temporaryVault("bench-prompts");
  try {
    vault.link("node_modules");
    vault.write("content/families/waiting.yaml", "id: waiting\ntitle: Waiting\nabout: Takes a known time.\n");
    for (const set of SETS) {
      vault.write(`content/prompts/${set}.yaml`, prompts("first"));
      for (let i = 0; i < results; i++) vault.write(`pipeline/experiments/${set}-${i}.ts`, waits(`${set}-${i}`, set));
    }
    await measureHere(vault.root);
    const before = await startedBy(vault.root);
    vault.write("content/prompts/changed.yaml", prompts("second"));
    const { seconds: took } = await timedCommand(vault.root, ["measure"], { ...process.env, [WAIT]: String(seconds) });
    const after = await startedBy(vault.root);
    const computed = [...after].filter(([id, { started }]) => started !== before.get(id)?.started);
    const wrong = computed.find(([id]) => !id.startsWith("changed"));
    if (wrong || computed.length !== results)
      throw new UserError(`${results} results were stale; ${computed.map(([id]) => id).join(", ")} were computed.`);
    return { results, took_s: took, costs_s: computed.reduce((sum, [, { seconds }]) => sum + seconds, 0) };
  } finally {
    vault.remove();
  }
}

/** When each artifact was begun, and what it took. */
async function startedBy(root: string) {
  const { jobs } = await makePlan(root);
  return new Map(jobs.map((job) => [job.experiment, readArtifact(root, job)!.provenance]));
}

const prompts = (text: string) => `kind: tasks
title: Words
about: Some words.
made: For a bench.
tasks:
  - id: words
    title: Words
    about: Words.
    items:
${Array.from({ length: 8 }, (_, i) => `      - { id: item-${i}, prompt: "${text} ${i}", answer: a, foil: b }`).join("\n")}
`;

const waits = (id: string, set: string) => `export const experiment = {
  id: "${id}", version: 1, seed: 1, subject: "families", parameters: {},
  inputs: { prompts: ["${set}"], corpora: [] },
  async run() {
    await new Promise((done) => setTimeout(done, 1000 * Number(process.env.${WAIT} ?? 0)));
    return { tables: {}, estimates: [] };
  },
};
`;

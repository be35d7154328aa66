import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { badUse, run, UserError } from "../errors.ts";
import { queueOption } from "../queue-options.ts";
import { temporaryVault } from "./temporary-vault.ts";

interface Options {
  queue: string;
  units: string;
  seconds: string;
  rounds: string;
  json?: boolean;
}

const cli = fileURLToPath(new URL("../../../cli.ts", import.meta.url));

/** Adds `bench queue`: how much faster two workers are than one, with units that take a known time. */
export function addQueue(bench: Command): void {
  bench
    .command("queue")
    .description(
      "one worker and two, in turn, with units that take a known time by the clock: what queue, store and processes add",
    )
    .addOption(queueOption().makeOptionMandatory())
    .option("--units <n>", "shards of the one experiment", "24")
    .option("--seconds <s>", "each takes", "2")
    .option("--rounds <n>", "the least of so many counts", "2")
    .option("--json", "one JSON object on standard output")
    .action(run(benchQueue));
}

async function benchQueue({ queue, json, ...numbers }: Options): Promise<undefined> {
  const [units, seconds, rounds] = [Number(numbers.units), Number(numbers.seconds), Number(numbers.rounds)];
  if (!(Number.isInteger(units) && units >= 2 && seconds > 0 && Number.isInteger(rounds) && rounds >= 1))
    throw badUse("--units, --seconds, --rounds: give numbers, at least 2 units and 1 round.");
  const took: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let round = 0; round < rounds; round++)
    for (const workers of [1, 2] as const) took[workers].push(await timed(queue, units, seconds, workers, round));
  const [one, two] = [Math.min(...took[1]), Math.min(...took[2])];
  const result = {
    units,
    seconds,
    one_s: one,
    two_s: two,
    faster: one / two,
    overhead_s: (one - units * seconds) / (units + 1),
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(result)}\n`
      : `${units} units of ${seconds} s: one worker ${one.toFixed(1)} s, two ${two.toFixed(1)} s: ${result.faster.toFixed(2)} times as fast; ${result.overhead_s.toFixed(2)} s are added to each unit.\n`,
  );
}

/** Seconds from the first unit put up to the last result gathered, the workers having been there before. */
async function timed(queue: string, units: number, seconds: number, workers: number, round: number): Promise<number> {
  const { root, write, remove } = temporaryVault("bench-queue");
  const store = join(root, ".store");
  mkdirSync(store);
  write("content/families/waiting.yaml", "id: waiting\ntitle: Waiting\nabout: Takes a known time.\n");
  // Other parameters each time: nothing that an earlier count left in the queue is found again.
  write("pipeline/experiments/waits.ts", experiment(units, `${process.pid}-${workers}-${round}`));
  write("pipeline/experiments/waits/wait.ts", shard(seconds));
  const children = Array.from({ length: workers }, () => start("worker", root, queue, store));
  try {
    await Promise.all(children.map(({ working }) => working));
    const begun = performance.now();
    const measured = start("measure", root, queue, store);
    const code = await measured.ended;
    if (code !== 0) throw new UserError(`measure ended with exit code ${code}:\n${measured.said()}`);
    return (performance.now() - begun) / 1000;
  } finally {
    for (const { child } of children) child.kill("SIGTERM");
    await Promise.all(children.map(({ ended }) => ended));
    remove();
  }
}

function start(command: string, root: string, queue: string, store: string) {
  const child = spawn(process.execPath, [cli, command, "--queue", queue, "--store", store], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const working = new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (text: Buffer) => {
      said += text;
      if (said.includes("Takes units")) resolve();
    });
    ended.then(() => reject(new UserError(`${command} ended:\n${said}`)));
  });
  // Only a worker takes units; whoever waits for that hears of its end.
  working.catch(() => undefined);
  return { child, ended, working, said: () => said };
}

const experiment = (units: number, run: string) => `export const experiment = {
  id: "waits", version: 1, seed: 1, subject: "families", parameters: { units: ${units}, run: "${run}" },
  inputs: { prompts: [], corpora: [] },
  shards: {
    file: "pipeline/experiments/waits/wait.ts",
    list: ({ units, run }) => Array.from({ length: units }, (_, i) => ({ id: \`unit-\${i}\`, parameters: { i, run } })),
  },
  run: async () => ({ tables: {}, estimates: [] }),
};
`;

const shard = (seconds: number) => `export const runShard = async () => {
  await new Promise((done) => setTimeout(done, ${1000 * seconds}));
  return {};
};
`;

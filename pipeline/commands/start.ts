import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { type Job, makePlan, type Plan } from "../jobs/plan.ts";
import { staleLine } from "../jobs/stale.ts";
import { type Workplace, workplaceAt } from "../jobs/workplace.ts";
import { measureShown, report } from "./measure.ts";
import { buildSite, reportLine } from "./support/build-site.ts";
import { run } from "./support/errors.ts";
import { steps } from "./support/steps.ts";

export function command(): Command {
  return new Command("start")
    .description("measure what is stale, build the site, serve it")
    .option("--port <number>", "where to serve", portOf, 4321)
    .action(
      run(async ({ port }: { port: number }) => {
        const root = process.cwd();
        if (await measureStale(workplaceAt(root, (card) => steps(card.id)))) return 1;
        say("Building the site …");
        say(`Built: ${reportLine(await buildSite(root))}.`);
        await serve(root, port);
        return 0;
      }),
    );
}

/**
 * Brings the measurements up to date as far as that can be done here. What can't be stays as committed, and is shown so:
 * a machine without the model still gets the wiki. True when somebody stopped it.
 */
export async function measureStale(place: Workplace): Promise<boolean> {
  const plan = await makePlan(place.root);
  const own = ownJobs(plan);
  const stale = own.filter((job) => job.changes.length > 0);
  if (stale.length === 0 && plan.broken.length === 0) {
    say(`Measurements: all ${own.length} are fresh.`);
    return false;
  }
  say(`Measurements: ${stale.length} of ${own.length} are stale.`);
  for (const job of stale) say(`  ${staleLine(job, job.changes)}`);
  // A small model can't keep several cores busy: each core takes an experiment of its own.
  const isSmall = stale.every(({ card }) => card?.embedded);
  const jobs = isSmall ? availableParallelism() : 1;
  const outcomes = await measureShown(place, plan, stale, { say: false, jobs });
  report(outcomes, plan.broken);
  if (outcomes.some((outcome) => outcome.state === "stopped")) return true;
  if (outcomes.some((outcome) => outcome.state !== "measured") || plan.broken.length > 0)
    say("\nGoing on with the measurements as they were committed.");
  return false;
}

/**
 * What `start` brings up to date: measurements of the embedded model, whose weights are at hand and which is read in minutes;
 * without one, of every model. Those of other models are committed, and families are trained for hours: `measure` is for both.
 */
function ownJobs({ jobs }: Plan): readonly Job[] {
  const embedded = jobs.filter(({ card }) => card?.embedded);
  return embedded.length > 0 ? embedded : jobs.filter(({ card }) => card !== undefined);
}

/** Serves `dist/` until it is stopped. */
async function serve(root: string, port: number): Promise<void> {
  const { preview } = await import("astro");
  const server = await preview({ root, server: { port }, logLevel: "error" });
  const stop = () => void server.stop();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  process.stdout.write(`\nSoundings is at http://localhost:${server.port}/ (Ctrl-C ends it)\n`);
  await server.closed();
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new InvalidArgumentError("expected a number from 1 to 65535.");
  return port;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

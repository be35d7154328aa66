import { Command } from "commander";
import { addAttribution } from "./support/bench/attribution.ts";
import { addFuzz } from "./support/bench/fuzz.ts";
import { addPlan } from "./support/bench/plan.ts";
import { addQueue } from "./support/bench/queue.ts";
import { addRegenerate } from "./support/bench/regenerate.ts";
import { addSearch } from "./support/bench/search.ts";
import { addSite } from "./support/bench/site.ts";
import { addTrace } from "./support/bench/trace.ts";
import { addTrain } from "./support/bench/train.ts";

export function command(): Command {
  const bench = new Command("bench").description("benchmarks: they report, they do not judge");
  addTrace(bench);
  addTrain(bench);
  addAttribution(bench);
  addFuzz(bench);
  addQueue(bench);
  addRegenerate(bench);
  addSearch(bench);
  addPlan(bench);
  addSite(bench);
  return bench;
}

import type { Command } from "commander";
import { badUse, run } from "../errors.ts";
import { measured } from "./children.ts";

/** One query, asked with an empty cache. */
export interface SearchRow {
  readonly query: string;
  /** How many pages and claims it finds. */
  readonly total: number;
  /** From the query to its first result, the engine being open, and to the first seven. */
  readonly first_ms: number;
  readonly all_ms: number;
  /** Fetched for it: pieces of the index and the texts of seven results. */
  readonly kib: number;
}

/** What tests/bench/timed-search.ts finds out. */
export interface SearchTimes {
  readonly pages: number;
  readonly claims: number;
  readonly index_s: number;
  /** Opening the engine, the least of all counts: its scripts (gzipped), WebAssembly and the head of the index. */
  readonly open_ms: number;
  readonly open_kib: number;
  readonly rows: readonly SearchRow[];
}

/** Adds `bench search`: the site's search in Chromium over generated pages and claims. */
export function addSearch(bench: Command): void {
  bench
    .command("search")
    .description("time to the first result and KiB fetched, in Chromium, over generated pages with a claim each")
    .option("--pages <n>", "how many pages", "10000")
    .option("--rounds <n>", "the least of so many counts", "3")
    .option("--json", "one JSON object on standard output")
    .action(run(benchSearch));
}

async function benchSearch(options: { pages: string; rounds: string; json?: boolean }): Promise<undefined> {
  const [pages, rounds] = [Number(options.pages), Number(options.rounds)];
  if (!(Number.isInteger(pages) && pages >= 1 && Number.isInteger(rounds) && rounds >= 1))
    throw badUse("--pages, --rounds: give whole numbers of 1 or more.");
  const times = await measured<SearchTimes>("../../../../tests/bench/timed-search.ts", { pages, rounds });
  process.stdout.write(options.json ? `${JSON.stringify(times)}\n` : `${reportOf(times)}\n`);
}

function reportOf({ pages, claims, index_s, open_ms, open_kib, rows }: SearchTimes): string {
  return [
    `Search over ${pages} pages and ${claims} claims; the index was written in ${index_s.toFixed(1)} s.`,
    `Opening it, while one begins to type: ${open_ms.toFixed(0)} ms, ${open_kib.toFixed(0)} KiB.`,
    "",
    "| query | found | first result, ms | first seven, ms | KiB | with opening, KiB |",
    "|---|---:|---:|---:|---:|---:|",
    ...rows.map(
      ({ query, total, first_ms, all_ms, kib }) =>
        `| ${query} | ${total} | ${first_ms.toFixed(0)} | ${all_ms.toFixed(0)} | ${kib.toFixed(0)} | ${(kib + open_kib).toFixed(0)} |`,
    ),
  ].join("\n");
}

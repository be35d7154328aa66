import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { run } from "../errors.ts";
import { wholeNumber } from "../whole-number.ts";
import { type DevTimes, devTimes } from "./large/dev.ts";
import { buildOurs, changeNote, forgetAllButCards, type OurBuild } from "./large/ours.ts";
import { buildWithQuartz, buildWithStarlight } from "./large/peers.ts";
import { type LargeVault, writeLargeVault } from "./large/vault.ts";
import type { Took } from "./large/watched.ts";

interface Options {
  notes: number[];
  seed: number;
  starlight?: string;
  quartz?: string;
  dev: boolean;
  json?: boolean;
}

/** One size of vault. */
interface Size extends LargeVault {
  /** Processes that waited for a processor when it began, over the last minute. */
  readonly load: number;
  readonly full: OurBuild;
  readonly cards_kept: OurBuild;
  readonly one_note_changed: OurBuild;
  readonly dev?: DevTimes;
  readonly starlight?: Took;
  readonly quartz?: Took;
}

/** Adds `bench site`: vaults of any size, built from nothing and again, beside other generators on the same text. */
export function addSite(bench: Command): void {
  bench
    .command("site")
    .description(
      "builds of large vaults: from nothing, with the social cards kept, after one change; beside Starlight and Quartz on the same text",
    )
    .option("--notes <n...>", "notes of each vault", (text, all: number[]) => [...(all ?? []), wholeNumber(text)])
    .option("--seed <n>", "another seed writes another vault", wholeNumber, 1)
    .option("--starlight <folder>", "an installation of Starlight")
    .option("--quartz <folder>", "a clone of Quartz with its packages")
    .option("--no-dev", "without serving it and changing a note")
    .option("--json", "one JSON array on standard output")
    .action(
      run(async ({ notes, ...options }: Options) => {
        const sizes: Size[] = [];
        for (const each of notes ?? [1000]) sizes.push(await benchSize(each, options));
        process.stdout.write(
          options.json ? `${JSON.stringify(sizes)}\n` : [...sizes.map(textOf), growthOf(sizes)].join("\n"),
        );
        return 0;
      }),
    );
}

async function benchSize(notes: number, options: Omit<Options, "notes">): Promise<Size> {
  const work = mkdtempSync(join(tmpdir(), "bench-site-"));
  const say = (what: string) => process.stderr.write(`${notes} notes: ${what}\n`);
  try {
    const vault = join(work, "vault");
    mkdirSync(vault);
    const written = writeLargeVault(vault, notes, options.seed);
    const load = Math.round(10 * loadavg()[0]!) / 10;
    say("from nothing");
    const full = await buildOurs(vault, work);
    say("from nothing but the social cards");
    forgetAllButCards(work);
    const cards_kept = await buildOurs(vault, work);
    if (options.starlight) say("Starlight");
    const starlight = options.starlight ? await buildWithStarlight(options.starlight, vault, work) : undefined;
    if (options.quartz) say("Quartz");
    const quartz = options.quartz ? await buildWithQuartz(options.quartz, vault, work) : undefined;
    say("with one note changed");
    changeNote(vault, "A sentence more.");
    const one_note_changed = await buildOurs(vault, work);
    if (options.dev) say("served, and a note changed");
    const dev = options.dev ? await devTimes(vault, work) : undefined;
    return { ...written, load, full, cards_kept, one_note_changed, dev, starlight, quartz };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function textOf({ load, full, cards_kept, one_note_changed, dev, starlight, quartz, ...vault }: Size): string {
  const row = (name: string, took: Took | undefined) =>
    took
      ? [
          `| ${name} | ${took.wall_s.toFixed(1)} | ${took.cpu_s?.toFixed(1) ?? "unknown"} | ${took.peak_mib ?? "unknown"} | ${shareOf(took.wall_s, cards_kept.wall_s)} | ${shareOf(took.cpu_s, cards_kept.cpu_s)} |`,
        ]
      : [];
  return [
    `${vault.notes} notes, ${vault.lines} lines, ${vault.sources} sources, ${vault.charts} charts: ${full.pages} pages and parts (load ${load} before it began)`,
    "",
    "| | wall s | processor s | peak MiB | wall, of ours with cards kept | processor, of the same |",
    "|---|---:|---:|---:|---:|---:|",
    ...row("from nothing", full),
    ...row("from nothing, social cards kept", cards_kept),
    ...row("one note changed", one_note_changed),
    ...row("Starlight", starlight),
    ...row("Quartz", quartz),
    "",
    ...(dev
      ? [
          `Served: first page after ${dev.first_page_s.toFixed(1)} s, a changed note after ${dev.changed_s.toFixed(2)} s`,
        ]
      : []),
    "",
  ].join("\n");
}

const shareOf = (part: number | null, whole: number | null): string =>
  part === null || whole === null ? "unknown" : `${Math.round((100 * part) / whole)} %`;

/** What a note costs in each vault, beside what it costs in the smallest: the same where cost grows linearly. */
function growthOf(sizes: readonly Size[]): string {
  const [first, ...larger] = [...sizes].sort((a, b) => a.notes - b.notes);
  const perNote = ({ full, notes }: Size) => (full.cpu_s ?? full.wall_s) / notes;
  return larger
    .map(
      (each) =>
        `A note costs ${(perNote(each) / perNote(first!)).toFixed(2)} times as much among ${each.notes} as among ${first!.notes}.\n`,
    )
    .join("");
}

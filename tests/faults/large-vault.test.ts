import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readVault } from "../../pipeline/artifacts/content-files.ts";
import { buildOurs, changeNote, type OurBuild } from "../../pipeline/commands/support/bench/large/ours.ts";
import { writeLargeVault } from "../../pipeline/commands/support/bench/large/vault.ts";
import { pagesOf } from "../../pipeline/commands/support/build-site.ts";
import { verifySite } from "../../pipeline/commands/support/verify-site.ts";

const NOTES = 300;
const work = mkdtempSync(join(tmpdir(), "large-vault-"));
const vault = join(work, "vault");

let full: OurBuild;
/** What drew each kept chart and card: a file that is written again is another. */
let drawn: Map<string, string>;

beforeAll(async () => {
  mkdirSync(vault);
  writeLargeVault(vault, NOTES);
  full = await buildOurs(vault, work);
  drawn = keptDrawings();
}, 240_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

function keptDrawings(): Map<string, string> {
  const kept = new Map<string, string>();
  for (const kind of ["charts", "social"])
    for (const name of readdirSync(join(work, "cache", kind))) {
      const { ino, mtimeMs } = statSync(join(work, "cache", kind, name));
      kept.set(`${kind}/${name}`, `${ino} of ${mtimeMs}`);
    }
  return kept;
}

it(`a vault of ${NOTES} notes is built whole: every page is there, every link leads somewhere`, () => {
  const pages = pagesOf(readVault(vault));
  expect(pages.length).toBeGreaterThan(NOTES);
  const report = verifySite(join(work, "out"), {
    pages,
    files: ["pagefind/pagefind.js", "404.html"],
    secrets: [vault],
  });
  expect(report.problems.slice(0, 10)).toEqual([]);
  expect(report.followed).toBeGreaterThan(50 * NOTES);
});

it("within 2 GiB of memory, of which most is there before the first page", () => {
  expect(full.peak_mib).toBeGreaterThan(100);
  expect(full.peak_mib).toBeLessThan(2048);
});

it("after one note was changed, no chart and no other card is drawn again, and it costs less than half", async () => {
  const note = changeNote(vault, "A sentence more.");
  const again = await buildOurs(vault, work);
  expect(again.pages).toBe(full.pages);
  expect(drawn.size).toBeGreaterThan(NOTES + 60);
  expect(keptDrawings()).toEqual(drawn);
  expect(again.cpu_s!).toBeLessThan(full.cpu_s! / 2);
  const { problems } = verifySite(join(work, "out"), { pages: [`/notes/${note}/`], files: [], secrets: [vault] });
  expect(problems.slice(0, 10)).toEqual([]);
}, 240_000);

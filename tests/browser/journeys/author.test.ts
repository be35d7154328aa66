import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build } from "../support/build.ts";
import { picturesOf } from "../support/journey.ts";
import { useBrowser, visit } from "../support/page.ts";
import { type Site, serve } from "../support/server.ts";

useBrowser();
const picture = picturesOf("author");

let vault: string;
let site: Site;

/** A note as an author writes it: a claim with its prediction in the frontmatter, and a sentence bound to it. */
const NOTE = `---
title: Does the invented quantity end near nothing?
standfirst: At the last depth little of it is left, on the invented model.
summary: A note that was added while the tests ran.
date: 2026-11-22
topics: [depth]
traces: [river]
claims:
  - id: near-nothing
    statement: At the last depth almost nothing of it is left
    scope: { unit: token, layers: the last block, models: Fixture A, corpus: invented passages }
    predictions:
      - id: end
        statement: Less than a tenth of a nat.
        experiment: invented-lens
        estimate: kl-end
        below: 0.1
        prior: informed
        basis: A trial.
        registered: 2026-11-22
    limit: It is invented.
silent:
  - Whether it holds anywhere else.
---

The number comes from the measurement: <Value of="invented-lens/kl-end" />. <Claim of="near-nothing">Next to nothing is left at the end</Claim>, as the author expected.
`;

/** What `check` says; it ends with an exit code that is not 0. */
const checked = () =>
  spawnSync(process.execPath, [resolve("pipeline/cli.ts"), "check"], { cwd: vault, encoding: "utf8" });

beforeAll(async () => {
  vault = mkdtempSync(join(tmpdir(), "soundings-author-"));
  cpSync("tests/fixtures/vault", vault, { recursive: true });
  // A checkout has a place for experiments, though this one has none.
  mkdirSync(join(vault, "pipeline/experiments"), { recursive: true });
  writeFileSync(join(vault, "content/notes/does-it-end-near-nothing.mdx"), NOTE);
  const line = join(vault, "content/lines/why-is-everything-invented.mdx");
  const essay = readFileSync(line, "utf8");
  writeFileSync(line, `${essay.trimEnd()} Little is left at the end. <Cite note="does-it-end-near-nothing" />\n`);
  await build(join(vault, "dist"), { SOUNDINGS_VAULT: vault });
  site = await serve(join(vault, "dist"));
});

afterAll(async () => {
  await site?.close();
  rmSync(vault, { recursive: true, force: true });
});

it("an author adds a note by one file: it has its verdict, its number, its place in lists, and the line that uses it", () =>
  visit(`${site.address}/notes/`, async ({ page }) => {
    await picture(page, "notes");
    await page.getByRole("link", { name: "Does the invented quantity end near nothing?" }).first().click();
    await page.waitForURL("**/notes/does-it-end-near-nothing/");
    expect(await page.locator("#near-nothing [data-verdict]").first().getAttribute("data-verdict")).toBe("supported");
    expect(await page.locator(".prose [data-estimate]").first().innerText()).toMatch(/^0\.042 \[0\.031, 0\.053\]/);
    // Written after the result was known, and it says so.
    expect(await page.locator("#near-nothing .post-hoc").count()).toBeGreaterThan(0);
    expect(await page.locator(".backlinks blockquote").innerText()).toContain("Little is left at the end.");
    await picture(page, "note");
    await page.locator(".backlinks a").first().click();
    await page.waitForURL("**/inquiring-lines/why-is-everything-invented/");
    expect(await page.locator("#sources ~ * h3, .section h3").allInnerTexts()).toContain(
      "Does the invented quantity end near nothing?",
    );
    await picture(page, "line");
  }));

it("an author is told what is wrong, where, and what to do, before anything is built", () => {
  const file = join(vault, "content/notes/does-it-end-near-nothing.mdx");
  writeFileSync(file, NOTE.replace("estimate: kl-end", "estimate: kl-and"));
  try {
    const { status, stdout, stderr } = checked();
    expect(status).toBe(1);
    expect(stdout + stderr).toMatch(
      /does-it-end-near-nothing\.mdx:\d+: .*"kl-and" is not an estimate of .*there are: .*kl-end/,
    );
  } finally {
    writeFileSync(file, NOTE);
  }
});

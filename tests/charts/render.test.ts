import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Track, tracksOf } from "../../src/charts/chart-data.ts";
import { curve } from "../../src/charts/curve.ts";
import { describe as inWords } from "../../src/charts/describe.ts";
import { standalone } from "../../src/charts/figure-file.ts";
import { miniLog } from "../../src/charts/mini-log.ts";
import { stylesOf } from "../../src/charts/panel.ts";
import { renderChart } from "../../src/charts/render.ts";
import { soundingLog } from "../../src/charts/sounding-log.ts";
import { HOSTILE, inventLens } from "../fixtures/invent.ts";

const cache = mkdtempSync(join(tmpdir(), "charts-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const tracks = tracksOf(inventLens(), ["entropy", "kl", "write"]);
const words = inWords(tracks, "SmolLM2");
const taken = { caption: "What it shows", credit: "Who says so" };
const drawn = (size: "wide" | "narrow" = "wide") => renderChart(soundingLog(tracks, size), words, cache);

describe("a drawn chart", () => {
  it("has no number that is not one, in any form", async () => {
    const spectrum = tracksOf(inventLens(), ["spectrum"]);
    const all = [
      await drawn("wide"),
      await drawn("narrow"),
      await renderChart(curve(spectrum, "wide", { log: true }), words, cache),
      await renderChart(curve(spectrum, "narrow"), words, cache),
      ...(await Promise.all([...tracks, ...spectrum].map((track) => renderChart(miniLog(track), words, cache)))),
    ];
    for (const { svg } of all) {
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg).toMatch(/^<svg class="chart"[^>]* role="img"/);
      expect(svg.match(/<path/g)!.length).toBeGreaterThan(1);
    }
  });

  it("draws a series of one point as a point, of a form of its own, and the others as lines alone", async () => {
    const [track] = tracksOf(inventLens(), ["spectrum"]);
    const lines = track!.lines.map((line, i) => (i === 0 ? line : { ...line, points: line.points.slice(3, 4) }));
    expect(lines.length).toBeGreaterThan(1);
    expect(stylesOf([{ ...track!, lines }]).map(({ shape }) => shape)).toEqual(
      [null, "diamond", "square"].slice(0, lines.length),
    );
    const marks = async (lines: Track["lines"]) => {
      const { svg } = await renderChart(curve([{ ...track!, lines }], "wide"), words, cache);
      return svg.match(/<path[^>]* stroke="[^"]*paper[^>]*>/g)?.length ?? 0;
    };
    expect((await marks(lines)) - (await marks(track!.lines))).toBe(lines.length - 1);
  });

  it("draws points alone where both axes are measured, so that nothing leads from one to the next", async () => {
    const [track] = tracksOf(inventLens(), ["spectrum"]);
    // Each series a little beside the last, so that no two points stand at one place.
    const lines = track!.lines.map((line, i) => ({
      ...line,
      points: line.points.map((p) => ({ ...p, x: p.x + i / 10 })),
    }));
    const cloud = { ...track!, lines };
    expect(stylesOf([track!]).every(({ shape }) => shape === null)).toBe(true);
    expect(stylesOf([cloud]).map(({ shape }) => shape)).toEqual(
      ["diamond", "square", "triangle-up"].slice(0, lines.length),
    );
    const { svg } = await renderChart(curve([cloud], "wide"), words, cache);
    const points = lines.reduce((sum, line) => sum + line.points.filter(({ value }) => value !== null).length, 0);
    expect(svg.match(/<path[^>]* stroke="[^"]*paper[^>]*>/g)).toHaveLength(points);
    expect(svg).not.toMatch(/stroke-dasharray/);
  });

  it("draws once what two pages want at the same moment", async () => {
    const own = mkdtempSync(join(tmpdir(), "charts-"));
    const both = [0, 1].map(() => renderChart(miniLog(tracks[0]!), words, own));
    const [first, second] = await Promise.all(both);
    // The very object, not one like it.
    expect(second!.vega).toBe(first!.vega);
    expect(first!.cached).toBe(false);
    expect((await renderChart(miniLog(tracks[0]!), words, own)).cached).toBe(true);
    rmSync(own, { recursive: true });
  });

  it("says its font once, and nothing that it would have anyway", async () => {
    const { svg } = await drawn();
    expect(svg.match(/font-family/g)).toHaveLength(1);
    expect(svg).not.toMatch(/<g>|translate\(0,0\)|text-anchor="start"| d="[^"]*\.\d{2}/);
    expect(standalone(svg, taken).match(/font-family="Inter, system-ui, sans-serif"/g)!.length).toBeGreaterThan(1);
  });

  it("is well formed, and its third track stands two steps from its first", async () => {
    const { svg } = await drawn();
    let depth = 0;
    const placed: [number, number][] = [];
    for (const [tag, close, transform, self] of svg.matchAll(
      /<(\/?)g\b(?:[^>]*?transform="translate\(([\d.]+),0\)")?[^>]*?(\/?)>/g,
    )) {
      if (Number(transform) > 0) placed.push([Number(transform), depth]);
      if (!self) depth += close ? -1 : 1;
      expect(depth, tag).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
    // Both as children of one group: neither is moved by the other.
    expect(placed).toEqual([
      [184, placed[0]![1]],
      [368, placed[0]![1]],
    ]);
  });

  it("draws gaps for missing values rather than zeros", async () => {
    const result = inventLens();
    for (const row of result.tables.curves!.rows)
      if (row[0] === "entropy" && row[1] === "model" && Number(row[2]) === 12)
        [row[3], row[4], row[5]] = [null, null, null];
    const { svg } = await renderChart(soundingLog(tracksOf(result, ["entropy"])), words, cache);
    const line = svg.match(/<path d="([^"]*)" stroke="var\(--accent\)"/)?.[1] ?? "";
    expect(line.match(/M/g)).toHaveLength(2);
  });

  it("says what it shows: ends, direction, control", async () => {
    const { svg } = await drawn();
    expect(svg).toMatch(
      /<title>Entropy of the lens, KL to the final prediction and Size of each write by depth, SmolLM2<\/title>/,
    );
    expect(svg).toMatch(
      /<desc>Entropy of the lens \(nats\): the measurement falls from 10.8 at depth 0 to 2.8 at depth 30/,
    );
    expect(svg).toMatch(/random weights \(control\) stays near 10.6/);
  });

  it("has the size of the design and type that a phone shows unscaled", async () => {
    const wide = await drawn("wide");
    const narrow = await drawn("narrow");
    expect(wide.frame.left + wide.frame.width).toBeLessThan(570);
    expect(narrow.frame.left + narrow.frame.width).toBeLessThanOrEqual(358);
    const sizes = [...narrow.svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10.5);
    expect((await renderChart(miniLog(tracks[0]!), words, cache)).svg).toMatch(/width="58" height="56"/);
  });

  it("gives a label all the digits that its interval carries", async () => {
    const result = inventLens();
    for (const row of result.tables.curves!.rows)
      if (row[0] === "entropy" && row[1] === "model") [row[3], row[4], row[5]] = [0.4021, 0.3975, 0.4067];
    const { svg } = await renderChart(soundingLog(tracksOf(result, ["entropy"])), words, cache);
    expect(svg).toContain(">0.402</text>");
  });

  it("takes its colours from the page, and carries its own when it stands alone", async () => {
    const { svg } = await drawn();
    expect([...svg.matchAll(/(?:fill|stroke)="(#[0-9a-f]+)"/g)]).toEqual([]);
    expect(standalone(svg, taken)).not.toContain("var(");
    expect(standalone(svg, taken)).toContain('stroke="#0b5c7a"');
  });

  it.each(HOSTILE)("keeps %j text where it is a label", async (token) => {
    const result = inventLens();
    const rename = (name: string, at: number) => {
      for (const row of result.tables[name]!.rows) row[at] = `x${token}x`;
    };
    rename("series", 1);
    rename("quantities", 1);
    const own = tracksOf(result, ["entropy", "write"]);
    const { svg } = await renderChart(soundingLog(own), inWords(own, token), cache);
    expect(svg).not.toMatch(/<script|<b>/i);
    expect(standalone(svg, { caption: token, credit: token })).not.toMatch(/<script|<b>/i);
  });

  it("is drawn once: the second time it comes from the cache, whole", async () => {
    const fresh = mkdtempSync(join(tmpdir(), "charts-"));
    const spec = soundingLog(tracks);
    const first = await renderChart(spec, words, fresh);
    expect(first.cached).toBe(false);
    const [file] = readdirSync(fresh);
    utimesSync(join(fresh, file!), 1, 1);
    const second = await renderChart(spec, words, fresh);
    expect(second).toEqual({ ...JSON.parse(JSON.stringify(first)), cached: true });
    expect(statSync(join(fresh, file!)).mtimeMs).toBe(1000);
    expect((await renderChart(spec, { ...words, title: "other" }, fresh)).cached).toBe(false);
    rmSync(fresh, { recursive: true });
  });

  it("is drawn again when the cache holds half a file", async () => {
    const spec = soundingLog(tracks, "narrow");
    const { id } = await renderChart(spec, words, cache);
    const file = join(cache, `${id}.json`);
    const whole = readFileSync(file, "utf8");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(file, whole.slice(0, 500));
    expect((await renderChart(spec, words, cache)).cached).toBe(false);
    expect(readFileSync(file, "utf8")).toBe(whole);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { figureTable, tracksOf } from "../../src/charts/chart-data.ts";
import { type FigureFile, figureCsv, figureJson, standalone } from "../../src/charts/figure-file.ts";
import { INK_LIGHT } from "../../src/charts/ink.ts";
import { inventLens } from "../fixtures/invent.ts";

const svg = `<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="-26 -40 540 400" width="540" height="400"><title>T</title><desc>D</desc><path stroke="var(--accent)"/></svg>`;
const file = (label = "entropy"): FigureFile => {
  const tracks = tracksOf(inventLens(), ["entropy"]);
  tracks[0]!.quantity.label = label;
  return {
    caption: "Entropy falls.",
    credit: "Soundings",
    description: "",
    model: "fixture-a",
    experiment: "invented-lens",
    measured: "2026-11-22",
    key: "abc",
    address: "https://soundings.example/data/fixture-a/invented-lens/",
    table: figureTable(tracks, "Entropy"),
  };
};

describe("a figure that leaves its page", () => {
  it("has its caption above, its source below and room for both", () => {
    const alone = standalone(svg, { caption: "What it shows, in a sentence.", credit: "Soundings: who, what, when." });
    const [, x, y, width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(alone)!.map(Number);
    const texts = [...alone.matchAll(/<text x="(\S+)" y="(\S+)"[^>]*>([^<]+)/g)];
    expect(texts.map(([, , , text]) => text)).toEqual(["What it shows, in a sentence.", "Soundings: who, what, when."]);
    const [head, foot] = texts.map(([, , at]) => Number(at));
    expect(head).toBeLessThan(-40);
    expect(head).toBeGreaterThan(y! + 10);
    expect(foot).toBeGreaterThan(360);
    expect(foot).toBeLessThan(y! + height!);
    expect([x, width]).toEqual([-44, 576]);
    expect(alone).toMatch(/^<svg (?!.*var\()[^>]*><title>T<\/title><desc>D<\/desc><rect/);
  });

  it("has the light theme's colours, those of the site", () => {
    const tokens = readFileSync("src/styles/tokens.css", "utf8");
    for (const [name, colour] of Object.entries(INK_LIGHT).filter(([, value]) => value.startsWith("#")))
      expect(tokens).toContain(`${name}: light-dark(${colour}, `);
  });

  it("keeps markup in its caption text", () => {
    expect(standalone(svg, { caption: "<script>1</script>", credit: "&" })).not.toMatch(/<script|>&</);
  });

  it("gives every point with unit, role and interval, and a spreadsheet no formula", () => {
    const rows = figureCsv(file("=cmd()")).trim().split("\r\n");
    expect(rows[0]).toBe("quantity,unit,series,role,axis,x,value,lo,hi");
    expect(rows.filter((row) => row.includes(",measurement,"))).toHaveLength(31);
    expect(rows.filter((row) => row.includes(",control,"))).toHaveLength(62);
    for (const row of rows.slice(1)) expect(row).toMatch(/^'=cmd\(\),nats,/);
  });

  it("says as JSON what its columns are and where it comes from", () => {
    const { columns, rows, ...about } = JSON.parse(figureJson(file()));
    expect(about).toMatchObject({
      model: "fixture-a",
      experiment: "invented-lens",
      measured: "2026-11-22",
      key: "abc",
    });
    expect(rows).toHaveLength(93);
    expect(columns.every((column: { about: string }) => column.about.length > 3)).toBe(true);
  });
});

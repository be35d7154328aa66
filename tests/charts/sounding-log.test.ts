import { describe, expect, it } from "vitest";
import { tracksOf } from "../../src/charts/chart-data.ts";
import { soundingLog } from "../../src/charts/sounding-log.ts";
import { inventLens } from "../fixtures/invent.ts";

interface Layer {
  data?: { values: Record<string, unknown>[] };
  layer?: Layer[];
  mark?: { type: string; text?: string[] };
  encoding?: Record<string, { field?: string; scale?: { domain: unknown[]; range?: unknown[]; reverse?: boolean } }>;
}

const log = () =>
  soundingLog(tracksOf(inventLens(), ["entropy", "kl", "write"])) as unknown as {
    concat: (Layer & { width: number })[];
    spacing: { column: number };
  };
const all = (layer: Layer): Layer[] => [layer, ...(layer.layer ?? []).flatMap(all)];
const rows = (track: Layer) =>
  all(track)
    .flatMap((each) => each.data?.values ?? [])
    .filter((row) => "s" in row);

describe("a sounding log's specification", () => {
  it("holds every control with its interval", () => {
    const [entropy] = log().concat;
    for (const series of ["model", "RW", "RE"]) {
      const own = rows(entropy!).filter((row) => row.s === series);
      expect(own).toHaveLength(31);
      expect(
        own.every((row) => typeof row.lo === "number" && typeof row.hi === "number" && Number(row.lo) < Number(row.hi)),
      ).toBe(true);
    }
    const bands = all(entropy!).filter((each) => each.mark?.type === "area");
    expect(bands).toHaveLength(1);
    expect(bands[0]!.encoding!.x!.field).toBe("lo");
  });

  it("draws controls in grey alone, the measurement in the accent", () => {
    const line = all(log().concat[0]!).find((each) => each.mark?.type === "line")!;
    const { domain, range } = line.encoding!.stroke!.scale!;
    const colours = Object.fromEntries(domain.map((series, i) => [series, range![i]]));
    expect(colours).toMatchObject({
      RW: "var(--control)",
      RE: "var(--control)",
      model: "var(--accent)",
      mlp: "var(--accent)",
    });
  });

  it("names every control and part once, directly", () => {
    const words = log().concat.flatMap((track) =>
      all(track).flatMap((each) => (Array.isArray(each.mark?.text) ? [each.mark.text.join(" ")] : [])),
    );
    for (const label of ["random weights", "random blocks, trained embeddings", "attention", "MLP"])
      expect(new Set(words.filter((word) => word === label)).size).toBe(1);
  });

  it("puts the surface at the top of every track, on one axis", () => {
    for (const track of log().concat) {
      const line = all(track).find((each) => each.layer?.some((inner) => inner.mark?.type === "line"))!;
      expect(line.encoding!.y!.scale).toMatchObject({ domain: [0, 30], reverse: true });
      expect(track.width).toBe(150);
    }
    expect(log().spacing.column).toBe(34);
  });

  it("draws a block between the depths that it joins", () => {
    const places = rows(log().concat[2]!)
      .filter((row) => row.s === "mlp")
      .map((row) => row.p);
    expect(places[0]).toBe(0.5);
    expect(places.at(-1)).toBe(29.5);
  });

  it("refuses a quantity that is not over depth", () => {
    expect(() => soundingLog(tracksOf(inventLens(), ["spectrum"]))).toThrow(
      /runs over rank of the direction, not over depth/,
    );
  });
});

import type { Estimate } from "../../artifacts/schema.ts";
import {
  type CurvePoint,
  curvesTable,
  type Quantity,
  quantitiesTable,
  type Series,
  seriesTable,
} from "../../artifacts/tables.ts";
import { type Draws, derive, drawRatios, drawStatistic, intervals } from "../../statistics/bootstrap.ts";
import type { Measurement } from "../experiment.ts";
import type { Calibration } from "./calibration.ts";
import { controlled, estimate, type Naming } from "./estimates.ts";
import type { WriteSums } from "./read-writes.ts";
import { STATISTICS, type Statistic } from "./write-statistics.ts";

type Kind = "attention" | "mlp";
const RW = "random weights";
const METHOD = "mean over tokens of documents, cluster bootstrap over documents";

/** The curves that are drawn: statistic, its random-direction counterpart, words. */
const CURVES: readonly [Statistic, Statistic | undefined, string, string, string][] = [
  [
    "ratio",
    undefined,
    "Size of the write",
    "share",
    "Norm of what a sublayer adds, over the norm of the stream that it adds it to",
  ],
  ["turn", "random-turn", "Turn of the stream", "degrees", "Angle between the stream before and after the write"],
  [
    "cosine",
    "random-cosine",
    "Write against the stream",
    "cosine",
    "Cosine of a write with the stream before it; above 0 it lengthens what is there",
  ],
  [
    "final",
    "random-final",
    "Write towards the end",
    "cosine",
    "Cosine of a write with the final stream less this write",
  ],
  [
    "rest",
    "random-rest",
    "Write against the rest",
    "cosine",
    "Cosine of a write with what the stream holds beside the direction it ends in; below 0 it takes away from it",
  ],
  [
    "agreeing",
    undefined,
    "Agreement by coordinate",
    "share",
    "Share of a write's squared norm in coordinates where it has the stream's sign",
  ],
  ["growth", "random-growth", "Growth", "ratio", "Norm after the write over the norm before it"],
];

export interface WriteResults {
  readonly nLayers: number;
  readonly seed: number;
  readonly sums: WriteSums;
  /** The same documents through models with random weights. */
  readonly random: WriteSums;
  readonly calibration: Calibration;
  readonly randomCalibrations: readonly Calibration[];
}

/** Tables and estimates of `residual-writes` out of its sums. */
export function report({ nLayers, seed, sums, random, calibration, randomCalibrations }: WriteResults): Measurement {
  const options = { seed };
  const ratios = (from: WriteSums, values: Float64Array, columns: number) =>
    drawRatios(values, from.tokens, columns, options);
  const kept = ratios(sums, sums.kept, sums.columns);
  const all = ratios(sums, sums.all, sums.columns);
  const rwKept = ratios(random, random.kept, sums.columns);
  const rwAll = ratios(random, random.all, sums.columns);
  const at = (statistic: Statistic, block: number, kind: Kind) =>
    (2 * block + (kind === "mlp" ? 1 : 0)) * STATISTICS.length + STATISTICS.indexOf(statistic);
  const both: readonly Kind[] = ["attention", "mlp"];
  const over =
    (statistic: Statistic, blocks: readonly number[], kinds: readonly Kind[] = both) =>
    (draws: Draws) =>
      derive(draws, (v) => [meanOf(blocks.flatMap((block) => kinds.map((kind) => v[at(statistic, block, kind)]!)))]);

  const tenth = Math.ceil(nLayers / 10);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const bands = { first: [0], middle: range(tenth, nLayers - tenth), last: range(nLayers - tenth, nLayers) };
  const lateThird = range(nLayers - Math.floor(nLayers / 3), nLayers);
  // The last MLP has no rest to write against.
  const lateButLast = lateThird.slice(0, -1);

  const estimates: Estimate[] = [];
  const put = (
    id: string,
    label: string,
    unit: string,
    of: (draws: Draws) => Draws,
    dims: "kept" | "all",
    tolerance = 0.005,
  ) => {
    const naming: Naming = {
      id,
      label,
      unit,
      tolerance,
      method: `${METHOD}; ${dims === "kept" ? "massive dimensions out" : "all dimensions"}, sinks out`,
    };
    const [mine, theirs] = dims === "kept" ? [kept, rwKept] : [all, rwAll];
    estimates.push(...controlled(of(mine), of(theirs), "rw", RW, "document", naming));
  };
  for (const dims of ["kept", "all"] as const) {
    const suffix = dims === "all" ? "-all" : "";
    for (const [band, blocks] of Object.entries(bands)) {
      put(`ratio-${band}${suffix}`, `size of a write, ${band} blocks`, "share", over("ratio", blocks), dims, 0.02);
    }
    put(
      `turn-middle${suffix}`,
      "turn of the stream by a write, middle blocks",
      "degrees",
      over("turn", bands.middle),
      dims,
      0.2,
    );
    for (const kind of both) {
      const name = kind === "mlp" ? "MLP" : kind;
      put(
        `cosine-middle-${kind}${suffix}`,
        `cosine of a write with the stream, ${name}, middle blocks`,
        "cosine",
        over("cosine", bands.middle, [kind]),
        dims,
      );
      put(
        `final-late-${kind}${suffix}`,
        `cosine of a write with where the stream ends, ${name}, last third`,
        "cosine",
        over("final", lateThird, [kind]),
        dims,
      );
      put(
        `rest-late-${kind}${suffix}`,
        `cosine of a write with the rest of the stream, ${name}, last third`,
        "cosine",
        over("rest", lateButLast, [kind]),
        dims,
      );
    }
    put(
      `reinforces-middle${suffix}`,
      "share of writes that lengthen the stream, middle blocks",
      "share",
      over("reinforces", bands.middle),
      dims,
    );
    put(
      `agreeing-middle${suffix}`,
      "share of a write in coordinates of the stream's sign, middle blocks",
      "share",
      over("agreeing", bands.middle),
      dims,
    );
  }
  const small = (draws: Draws) =>
    derive(draws, (v) => [
      meanOf(range(0, nLayers).flatMap((b) => both.map((kind) => Number(v[at("ratio", b, kind)]! < 0.5)))),
    ]);
  put(
    "small-sublayers",
    "share of sublayers whose writes are on average under half the stream",
    "share",
    small,
    "kept",
    0.035,
  );

  const depths = nLayers + 1;
  const norms = ratios(sums, sums.norms, 2 * depths);
  const rwNorms = ratios(random, random.norms, 2 * depths);
  const grown = (draws: Draws) => derive(draws, (v) => [v[2 * depths - 1]! / v[depths + 1]!]);
  const words = {
    unit: "ratio",
    method: `ratio of mean norms, ${METHOD}; massive dimensions out, sinks out`,
    tolerance: 0.05,
  };
  estimates.push(
    ...controlled(grown(norms), grown(rwNorms), "rw", RW, "document", {
      id: "growth-total",
      label: "norm of the final stream over that after the first block",
      ...words,
    }),
  );

  const shares = ratios(sums, sums.attribution, 2 * nLayers + 1);
  const rwShares = ratios(random, random.attribution, 2 * nLayers + 1);
  const part = (name: "embedding" | Kind) => (draws: Draws) =>
    derive(draws, (v) => [
      name === "embedding"
        ? v[0]!
        : range(0, nLayers).reduce((sum, b) => sum + v[1 + 2 * b + (name === "mlp" ? 1 : 0)]!, 0),
    ]);
  for (const name of ["embedding", ...both] as const) {
    const label = `share of the next token's logit written by ${name === "embedding" ? "the embedding" : name === "mlp" ? "the MLPs" : "attention"}`;
    const naming = {
      id: `attribution-${name}`,
      label,
      unit: "logits",
      tolerance: 0.05,
      method: `direct attribution, final scale frozen, logit less the vocabulary's mean; ${METHOD}; all dimensions, sinks out`,
    };
    estimates.push(...controlled(part(name)(shares), part(name)(rwShares), "rw", RW, "document", naming));
  }
  const error = { unit: "logits", tolerance: 1e-3 };
  estimates.push(
    estimate(drawRatios(sums.error, sums.tokens, 1, options), "document", {
      ...error,
      id: "reconstruction-error",
      label: "error of the sum of shares",
      method: `mean |sum of shares − logit|; ${METHOD}`,
    }),
    estimate(greatest(sums.greatestError, seed), "document", {
      ...error,
      id: "reconstruction-greatest",
      label: "greatest error of the sum of shares",
      method:
        "greatest |sum of shares − logit| over tokens; bootstrap over documents (a maximum: its interval only reaches down)",
    }),
    estimate(
      drawRatios(
        sums.sinks,
        sums.tokens.map((n, d) => n + sums.sinks[d]!),
        1,
        options,
      ),
      "document",
      {
        id: "sinks",
        label: "tokens put aside as sinks, first positions not counted",
        unit: "share",
        tolerance: 0.002,
        method: "‖h‖ above 4 medians at some depth; cluster bootstrap over documents",
      },
    ),
  );

  const points: CurvePoint[] = [];
  const quantities: Quantity[] = [];
  for (const [statistic, other, label, unit, about] of CURVES) {
    for (const [suffix, mine, theirs] of [
      ["", kept, rwKept],
      ["-all", all, rwAll],
    ] as const) {
      // Drawn with all dimensions too where those few could make the picture.
      if (suffix !== "" && !["ratio", "cosine", "final", "growth"].includes(statistic)) continue;
      quantities.push({
        quantity: statistic + suffix,
        label: suffix ? `${label}, all dimensions` : label,
        unit,
        x: "block",
        about: `${about}. Sinks out; ${suffix ? "all dimensions" : "massive dimensions out"}.`,
      });
      const line = (series: string, draws: Draws, name: Statistic, kinds: readonly Kind[]) => {
        const found = intervals(
          derive(draws, (v) => range(0, nLayers).map((b) => meanOf(kinds.map((kind) => v[at(name, b, kind)]!)))),
        );
        found.forEach(({ value, lo, hi }, x) =>
          points.push({
            quantity: statistic + suffix,
            series,
            x,
            value: finite(value),
            lo: finite(lo),
            hi: finite(hi),
          }),
        );
      };
      line("attention", mine, statistic, ["attention"]);
      line("mlp", mine, statistic, ["mlp"]);
      line("RW", theirs, statistic, both);
      if (other) line("RD", mine, other, both);
    }
  }
  for (const [quantity, from, label] of [
    ["norm", depths, "Norm of the stream"],
    ["norm-all", 0, "Norm of the stream, all dimensions"],
  ] as const) {
    quantities.push({
      quantity,
      label,
      unit: "",
      x: "depth",
      about: `Mean norm of the residual stream at each depth. Sinks out; ${from ? "massive dimensions out" : "all dimensions"}.`,
    });
    for (const [series, draws] of [
      ["model", norms],
      ["RW", rwNorms],
    ] as const)
      intervals(draws)
        .slice(from, from + depths)
        .forEach(({ value, lo, hi }, x) => points.push({ quantity, series, x, value, lo, hi }));
  }
  quantities.push({
    quantity: "attribution",
    label: "Written to the next token's logit",
    unit: "logits",
    x: "block",
    about:
      "What a sublayer's write adds to the centred logit of the token that follows, with the final norm's scale at its real value",
  });
  for (const [series, draws, offset] of [
    ["attention", shares, 1],
    ["mlp", shares, 2],
    ["RW", rwShares, 0],
  ] as const) {
    const pick = (v: Float64Array) =>
      range(0, nLayers).map((b) => (offset ? v[2 * b + offset]! : (v[2 * b + 1]! + v[2 * b + 2]!) / 2));
    intervals(derive(draws, pick)).forEach(({ value, lo, hi }, x) =>
      points.push({ quantity: "attribution", series, x, value, lo, hi }),
    );
  }
  return {
    estimates,
    tables: {
      curves: curvesTable(points),
      quantities: quantitiesTable(quantities),
      series: seriesTable(SERIES),
      massive: massiveTable([calibration, ...randomCalibrations]),
    },
  };
}

const SERIES: Series[] = [
  { series: "model", label: "model", role: "measurement", about: "The residual stream of the model" },
  { series: "attention", label: "attention", role: "part", about: "Writes of the attention sublayers" },
  { series: "mlp", label: "MLP", role: "part", about: "Writes of the MLP sublayers" },
  {
    series: "RW",
    label: "random weights",
    role: "control",
    about: "Mean of both sublayers, the entries of every matrix permuted; three seeds, a third of the documents each",
  },
  {
    series: "RD",
    label: "random direction",
    role: "control",
    about: "A random direction of the write's own norm in its place, another for each token; mean of both sublayers",
  },
];

const meanOf = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const finite = (x: number) => (Number.isFinite(x) ? x : null);

function greatest(values: Float64Array, seed: number): Draws {
  return drawStatistic(values.length, (resample) => [resample.reduce((most, i) => Math.max(most, values[i]!), 0)], {
    seed,
  });
}

function massiveTable(calibrations: readonly Calibration[]) {
  const column = (name: string, type: "string" | "integer" | "number", about: string) => ({
    name,
    type,
    unit: "",
    about,
  });
  return {
    title: "Massive dimensions",
    columns: [
      column("model", "string", "the model, or one with random weights"),
      column("dimension", "integer", "coordinate of the stream"),
      column("share", "number", "its greatest share of the squared norm"),
      column("depth", "integer", "where"),
    ],
    rows: calibrations.flatMap(({ massive }, i) =>
      massive.map((m) => [i === 0 ? "model" : `random weights ${i}`, m.dimension, m.share, m.depth]),
    ),
  };
}

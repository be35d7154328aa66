import type { Table } from "../../artifacts/schema.ts";
import {
  type CurvePoint,
  curvesTable,
  type Quantity,
  quantitiesTable,
  type Series,
  seriesTable,
} from "../../artifacts/tables.ts";
import { type Draws, derive, intervals } from "../../statistics/bootstrap.ts";
import { massiveTable } from "../support/calibration.ts";
import { randomWeightsSeries } from "../support/random-models.ts";
import type { Statistic } from "./write-statistics.ts";
import { KINDS, meanOf, over, range, type WriteResults, type WriteSummaries } from "./write-summaries.ts";

interface Curve {
  readonly statistic: Statistic;
  /** The same for a random direction, where that says something. */
  readonly other?: Statistic;
  readonly label: string;
  readonly unit: string;
  readonly about: string;
  /** Drawn with all dimensions too, where those few could make the picture. */
  readonly twice?: boolean;
}

const CURVES: readonly Curve[] = [
  {
    statistic: "ratio",
    label: "Size of the write",
    unit: "share",
    about: "Norm of what a sublayer adds, over the norm of the stream that it adds it to",
    twice: true,
  },
  {
    statistic: "turn",
    other: "random-turn",
    label: "Turn of the stream",
    unit: "degrees",
    about: "Angle between the stream before and after the write",
  },
  {
    statistic: "cosine",
    other: "random-cosine",
    label: "Write against the stream",
    unit: "cosine",
    about: "Cosine of a write with the stream before it; above 0 it lengthens what is there",
    twice: true,
  },
  {
    statistic: "final",
    other: "random-final",
    label: "Write towards the end",
    unit: "cosine",
    about: "Cosine of a write with the final stream less this write",
    twice: true,
  },
  {
    statistic: "rest",
    other: "random-rest",
    label: "Write against the rest",
    unit: "cosine",
    about:
      "Cosine of a write with what the stream holds beside the direction it ends in; below 0 it takes away from it",
  },
  {
    statistic: "agreeing",
    label: "Agreement by coordinate",
    unit: "share",
    about: "Share of a write's squared norm in coordinates where it has the stream's sign",
  },
  {
    statistic: "growth",
    other: "random-growth",
    label: "Growth",
    unit: "ratio",
    about: "Norm after the write over the norm before it",
    twice: true,
  },
];

const SERIES: readonly Series[] = [
  { series: "model", label: "model", role: "measurement", about: "The residual stream of the model" },
  { series: "attention", label: "attention", role: "part", about: "Writes of the attention sublayers" },
  { series: "mlp", label: "MLP", role: "part", about: "Writes of the MLP sublayers" },
  randomWeightsSeries("mean of both sublayers; three seeds, a third of the documents each"),
  {
    series: "RE",
    label: "random blocks",
    role: "control",
    about: "the same with the trained embeddings kept",
  },
  {
    series: "RD",
    label: "random direction",
    role: "control",
    about: "A random direction of the write's own norm in its place, another for each token; mean of both sublayers",
  },
];

const NETWORKS = [
  ["model", "model"],
  ["RW", "rw"],
  ["RE", "re"],
] as const;

/** Tables of `residual-writes`. */
export function writeTables(results: WriteResults, summaries: WriteSummaries): Record<string, Table> {
  const { nLayers, calibration, randomCalibrations } = results;
  const points: CurvePoint[] = [];
  const quantities: Quantity[] = [];
  const line = (quantity: string, series: string, draws: Draws) =>
    intervals(draws).forEach(({ value, lo, hi }, x) => {
      points.push({ quantity, series, x, value: finite(value), lo: finite(lo), hi: finite(hi) });
    });
  const blocks = range(0, nLayers).map((block) => [block]);

  for (const { statistic, other, label, unit, about, twice } of CURVES)
    for (const suffix of twice ? ["", "-all"] : [""]) {
      const pair = suffix ? summaries.all : summaries.kept;
      const quantity = statistic + suffix;
      const [title, dims] = suffix ? [`${label}, all dimensions`, "all dimensions"] : [label, "massive dimensions out"];
      quantities.push({ quantity, label: title, unit, x: "block", about: `${about}. Sinks out; ${dims}.` });
      for (const kind of KINDS) line(quantity, kind, over(statistic, blocks, [kind])(pair.model));
      line(quantity, "RW", over(statistic, blocks)(pair.rw));
      line(quantity, "RE", over(statistic, blocks)(pair.re));
      if (other) line(quantity, "RD", over(other, blocks)(pair.model));
    }

  const depths = nLayers + 1;
  for (const [quantity, from, dims] of [
    ["norm", depths, "massive dimensions out"],
    ["norm-all", 0, "all dimensions"],
  ] as const) {
    const label = from ? "Norm of the stream" : "Norm of the stream, all dimensions";
    quantities.push({
      quantity,
      label,
      unit: "",
      x: "depth",
      about: `Mean norm of the residual stream. Sinks out; ${dims}.`,
    });
    for (const [series, network] of NETWORKS)
      line(
        quantity,
        series,
        derive(summaries.norms[network], (v) => v.slice(from, from + depths)),
      );
  }

  for (const [quantity, from, dims] of [
    ["attribution", 0, "all dimensions"],
    ["attribution-trimmed", 2 * nLayers + 1, "massive dimensions out"],
  ] as const) {
    const label = "Written to the next token's logit";
    quantities.push({
      quantity,
      label: from ? `${label}, massive dimensions out` : label,
      unit: "logits",
      x: "block",
      about: `What a sublayer's write adds to the centred logit of the token that follows, the final norm's scale at its real value. Sinks out; ${dims}.`,
    });
    const share = (offsets: readonly number[]) => (draws: Draws) =>
      derive(draws, (v) => range(0, nLayers).map((b) => meanOf(offsets.map((offset) => v[from + 2 * b + offset]!))));
    line(quantity, "attention", share([1])(summaries.shares.model));
    line(quantity, "mlp", share([2])(summaries.shares.model));
    line(quantity, "RW", share([1, 2])(summaries.shares.rw));
    line(quantity, "RE", share([1, 2])(summaries.shares.re));
  }

  return {
    curves: curvesTable(points),
    quantities: quantitiesTable(quantities),
    series: seriesTable(SERIES),
    massive: massiveTable(calibration, randomCalibrations),
  };
}

const finite = (x: number) => (Number.isFinite(x) ? x : null);

import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity } from "../../artifacts/tables.ts";
import { type Draws, derive, drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { random } from "../../statistics/random.ts";
import { thirds } from "../lens/contrasts.ts";
import { controlled, estimate } from "../support/estimates.ts";
import { exchanged, separation } from "./separation.ts";

/** Columns for each depth: distance, spread and share told of the near pair, then of the far one. */
const COLUMNS = 6;

/** [triples × (depths × COLUMNS)] of states [depth][word][use], words three after three. */
export function separations(
  states: readonly (readonly (readonly Float32Array[])[])[],
  without: readonly number[],
  dealt?: number,
): Float64Array {
  const triples = states[0]!.length / 3;
  const width = states[0]![0]![0]!.length;
  const dimensions = Array.from({ length: width }, (_, d) => d).filter((d) => !without.includes(d));
  const out = new Float64Array(triples * states.length * COLUMNS);
  const generator = random(dealt ?? 0);
  states.forEach((of, depth) => {
    for (let t = 0; t < triples; t++)
      [1, 2].forEach((partner, kind) => {
        const pair = [of[3 * t]!, of[3 * t + partner]!] as const;
        const [u, v] = dealt === undefined ? pair : exchanged(...pair, generator);
        const { distance, spread, told } = separation(u, v, dimensions);
        out.set([distance, spread, told], (t * states.length + depth) * COLUMNS + 3 * kind);
      });
  });
  return out;
}

/** Means over triples with draws of them. */
export const drawTriples = (columns: Float64Array, triples: number, seed: number): Draws =>
  drawRatios(columns, new Float64Array(triples).fill(1), columns.length / triples, { seed });

export type WordDraws = Readonly<Record<"model" | "with-massive" | "RW" | "SL", Draws>>;

export const WORD_QUANTITIES: Quantity[] = [
  {
    quantity: "apart-near",
    label: "words of like company apart",
    unit: "squared distance over spread",
    x: "depth",
    about: "squared distance of near pairs, across halves of their uses, over the spread of a word's uses",
  },
  {
    quantity: "apart-far",
    label: "words of unlike company apart",
    unit: "squared distance over spread",
    x: "depth",
    about: "the same for far pairs, matched in frequency, tag and length",
  },
  {
    quantity: "tangle-gap",
    label: "gap",
    unit: "log ratio",
    x: "depth",
    about: "logarithm of the far pairs' figure less that of the near pairs': above 0 near words are the more tangled",
  },
  {
    quantity: "told-near",
    label: "uses told apart, near",
    unit: "share",
    x: "depth",
    about: "share of uses of near pairs that lie nearer to the other half of their own word's uses",
  },
];

const figure = (s: ArrayLike<number>, depth: number, kind: 0 | 1) => {
  const at = depth * COLUMNS + 3 * kind;
  return s[at]! / s[at + 1]!;
};
const told = (s: ArrayLike<number>, depth: number, kind: 0 | 1) => s[depth * COLUMNS + 3 * kind + 2]!;
const gap = (s: ArrayLike<number>, depth: number) => Math.log(figure(s, depth, 1) / figure(s, depth, 0));

const READ: Record<string, (s: ArrayLike<number>, depth: number) => number> = {
  "apart-near": (s, depth) => figure(s, depth, 0),
  "apart-far": (s, depth) => figure(s, depth, 1),
  "tangle-gap": gap,
  "told-near": (s, depth) => told(s, depth, 0),
};

/** Points at the depths after the embedding, where uses of a word don't differ. */
export function wordCurves(draws: WordDraws, depths: readonly number[]): CurvePoint[] {
  return WORD_QUANTITIES.flatMap(({ quantity }) =>
    (Object.keys(draws) as (keyof WordDraws)[])
      // Exchanged uses lie no distance apart, and the logarithm of nothing is nothing.
      .filter((series) => !(series === "SL" && quantity === "tangle-gap"))
      .flatMap((series) =>
        intervals(derive(draws[series], (s) => depths.map((_, d) => READ[quantity]!(s, d)))).map((interval, d) => ({
          quantity,
          series,
          x: depths[d]!,
          ...interval,
        })),
      ),
  );
}

type Contrast = "early" | "middle" | "late" | "change";
const WORDS: Record<Contrast, string> = {
  early: "early third",
  middle: "middle third",
  late: "late third",
  change: "late third minus early third",
};
const FIGURES: { id: string; label: string; unit: string; read: (s: ArrayLike<number>, depth: number) => number }[] = [
  {
    id: "apart-near",
    label: "Log of squared distance over spread, words of like company",
    unit: "nats",
    read: (s, depth) => Math.log(figure(s, depth, 0)),
  },
  {
    id: "apart-far",
    label: "Log of squared distance over spread, words of unlike company",
    unit: "nats",
    read: (s, depth) => Math.log(figure(s, depth, 1)),
  },
  { id: "tangle-gap", label: "Gap of far over near pairs, log ratio", unit: "nats", read: gap },
  { id: "told-near", label: "Uses told apart, near pairs", unit: "share", read: (s, depth) => told(s, depth, 0) },
  {
    id: "told-gap",
    label: "Uses told apart, far minus near pairs",
    unit: "share",
    read: (s, depth) => told(s, depth, 1) - told(s, depth, 0),
  },
];

/** Thirds and changes of every figure beside random weights, and with massive dimensions. `depths` has no embedding, and the final depth last. */
export function wordEstimates(draws: WordDraws, depths: readonly number[]): Estimate[] {
  const places = thirds(depths);
  const of = (which: keyof WordDraws, read: (s: ArrayLike<number>, depth: number) => number, contrast: Contrast) =>
    derive(draws[which], (s) => {
      const mean = (at: readonly number[]) => at.reduce((sum, d) => sum + read(s, d), 0) / at.length;
      return [contrast === "change" ? mean(places.late) - mean(places.early) : mean(places[contrast])];
    });
  const method =
    "uses of matched words in Brown at the sampled depths, massive dimensions left out; bootstrap over triples, random weights over the same resamples, three seeds averaged";
  return FIGURES.flatMap(({ id, label, unit, read }) =>
    (Object.keys(WORDS) as Contrast[]).flatMap((contrast) => {
      const naming = {
        id: `${id}-${contrast}`,
        label: `${label}, ${WORDS[contrast]}`,
        unit,
        method,
        tolerance: 0.02,
      };
      return [
        ...controlled(of("model", read, contrast), of("RW", read, contrast), "rw", "random weights", "triple", naming),
        estimate(of("with-massive", read, contrast), "triple", {
          ...naming,
          id: `${naming.id}-with-massive`,
          label: `${naming.label}, with massive dimensions`,
          method: method.replace("massive dimensions left out", "all dimensions"),
        }),
      ];
    }),
  );
}

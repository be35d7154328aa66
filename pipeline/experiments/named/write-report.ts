import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { type Draws, derive, drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { controlled, estimate, type Naming } from "../support/estimates.ts";
import { randomWeightsSeries } from "../support/random-models.ts";
import { FIGURES, type Figure } from "./along-senses.ts";
import type { NounFigures, Variant } from "./noun-figures.ts";
import type { Place } from "./noun-writes.ts";

/** Figures of every noun, under the model and under random weights. */
export interface SenseWrites {
  readonly nLayers: number;
  readonly seed: number;
  readonly model: readonly NounFigures[];
  readonly rw: readonly Pick<NounFigures, "kept" | "all">[];
}

const METHOD = "mean over sentences, sublayers and nouns; axes fitted on other cue words; cluster bootstrap over nouns";
const KINDS = ["attention", "mlp"] as const;

/** Draws of every column's mean over nouns. */
function drawsOf(nouns: readonly Float64Array[], seed: number): Draws {
  const columns = nouns[0]!.length;
  return drawRatios(
    nouns.flatMap((of) => [...of]),
    nouns.map(() => 1),
    columns,
    { seed },
  );
}

const placeOf = (sublayer: number, figure: Figure): number => sublayer * FIGURES.length + FIGURES.indexOf(figure);

/** Mean over some sublayers of a signed sum of figures. */
const over = (draws: Draws, sublayers: readonly number[], figures: readonly (readonly [Figure, 1 | -1])[]): Draws =>
  derive(draws, (v) => [
    sublayers.reduce(
      (sum, s) => sum + figures.reduce((all, [figure, sign]) => all + sign * v[placeOf(s, figure)]!, 0),
      0,
    ) / sublayers.length,
  ]);

/** Sublayers of one kind in a run of blocks; the first write of all joins the bare embedding and is never among them. */
export const sublayersOf = (from: number, to: number, kind: (typeof KINDS)[number]): number[] =>
  Array.from({ length: to - from }, (_, b) => 2 * (from + b) + KINDS.indexOf(kind)).filter((s) => s > 0);

export function senseWriteEstimates({ nLayers, seed, model, rw }: SenseWrites): Estimate[] {
  const third = Math.floor(nLayers / 3);
  const bands = { middle: [third, nLayers - third], late: [nLayers - third, nLayers] } as const;
  const estimates: Estimate[] = [];
  const put = (
    [variant, place, suffix, words]: readonly [Variant, Place, string, string],
    band: keyof typeof bands,
    kind: (typeof KINDS)[number],
  ) => {
    const own = drawsOf(
      model.map((noun) => noun[variant][place]),
      seed,
    );
    const random =
      variant === "words"
        ? undefined
        : drawsOf(
            rw.map((noun) => noun[variant][place]),
            seed,
          );
    const sublayers = sublayersOf(...bands[band], kind);
    const who = `${kind === "mlp" ? "MLPs" : "attention"}, ${band === "late" ? "last" : "middle"} third${words}`;
    const one = (
      naming: Pick<Naming, "id" | "label" | "tolerance">,
      plain: [Figure, 1 | -1][],
      beside: [Figure, 1 | -1][],
      named: "rd" | "rw",
    ) => {
      const full = { ...naming, unit: "of the norm", method: METHOD };
      const value = over(own, sublayers, plain);
      const against = (control: Draws, code: string, other: string) =>
        controlled(value, control, code, other, "noun", full);
      const rd = against(over(own, sublayers, beside), "rd", "random axes");
      const rw = random ? against(over(random, sublayers, plain), "rw", "random weights") : [];
      estimates.push(...(named === "rw" && random ? [...rw, ...rd.slice(1)] : [...rd, ...rw.slice(1)]));
    };
    for (const side of ["chosen", "rejected"] as const)
      one(
        { id: `${side}-${band}-${kind}${suffix}`, label: `written along the ${side} sense, ${who}`, tolerance: 0.002 },
        [[side, 1]],
        [[`${side}-rd`, 1]],
        "rd",
      );
    one(
      {
        id: `contrast-share-${band}-${kind}${suffix}`,
        label: `gain of the chosen sense's share on the rejected one's, a sublayer, ${who}`,
        tolerance: 0.002,
      },
      [
        ["chosen-share", 1],
        ["rejected-share", -1],
      ],
      [
        ["chosen-share-rd", 1],
        ["rejected-share-rd", -1],
      ],
      // A share moves with the stream's growth, and random weights grow too.
      "rw",
    );
  };
  const noun = ["kept", "noun", "", ""] as const;
  for (const band of ["middle", "late"] as const) for (const kind of KINDS) put(noun, band, kind);
  put(["all", "noun", "-all", ", all dimensions"], "late", "mlp");
  put(["kept", "after", "-after", ", at the token after"], "late", "mlp");
  put(["words", "noun", "-words", ", axes through the unembedding"], "late", "mlp");
  const own = drawsOf(
    model.map(({ kept }) => kept.noun),
    seed,
  );
  const lateMlps = sublayersOf(...bands.late, "mlp");
  for (const [figure, id, label, unit] of [
    ["cosine", "axes-cosine-late", "cosine of the two senses' directions, last third", "cosine"],
    ["growth", "growth-late-mlp", "growth of the stream's norm by a late MLP", "ratio"],
    ["chosen-held", "chosen-held-late", "stream's share along the chosen sense, last third", "of the norm"],
    ["rejected-held", "rejected-held-late", "stream's share along the rejected sense, last third", "of the norm"],
    [
      "chosen-share",
      "chosen-share-late-mlp",
      "change of the share along the chosen sense by a late MLP",
      "of the norm",
    ],
    [
      "rejected-share",
      "rejected-share-late-mlp",
      "change of the share along the rejected sense by a late MLP",
      "of the norm",
    ],
  ] as const)
    estimates.push(
      estimate(over(own, lateMlps, [[figure, 1]]), "noun", { id, label, unit, method: METHOD, tolerance: 0.01 }),
    );
  return estimates;
}

const CURVES = {
  chosen: "chosen",
  rejected: "rejected",
  "chosen-share": "chosen",
  "rejected-share": "rejected",
  "chosen-held": "chosen",
  "rejected-held": "rejected",
} as const satisfies Partial<Record<Figure, string>>;

const quantityOf = (figure: Figure, kind: string): string =>
  figure.endsWith("held") ? "held" : `${figure.endsWith("share") ? "share" : "written"}-${kind}`;

/** Writes, changes of shares and shares by block, at the noun, massive dimensions out. */
export function senseWriteCurves({ nLayers, seed, model, rw }: SenseWrites): CurvePoint[] {
  const sources = [
    ["", model.map(({ kept }) => kept.noun)],
    ["RW-", rw.map(({ kept }) => kept.noun)],
  ] as const;
  return sources.flatMap(([prefix, nouns]) => {
    const draws = intervals(drawsOf(nouns, seed));
    const curve = (figure: Figure, series: string, kind: (typeof KINDS)[number]) =>
      Array.from({ length: nLayers }, (_, block) => {
        const { value, lo, hi } = draws[placeOf(2 * block + KINDS.indexOf(kind), figure)]!;
        return { quantity: quantityOf(figure.replace("-rd", "") as Figure, kind), series, x: block, value, lo, hi };
      }).filter(({ value }) => Number.isFinite(value));
    return (Object.entries(CURVES) as [keyof typeof CURVES, string][]).flatMap(([figure, series]) => {
      const kinds = figure.endsWith("held") ? (["mlp"] as const) : KINDS;
      return kinds.flatMap((kind) => [
        ...curve(figure, prefix + series, kind),
        ...(prefix === "" && !figure.endsWith("held") ? curve(`${figure}-rd` as Figure, `RD-${series}`, kind) : []),
      ]);
    });
  });
}

export const QUANTITIES: Quantity[] = [
  ...KINDS.flatMap((kind) => {
    const who = kind === "mlp" ? "MLP" : "attention";
    return [
      {
        quantity: `written-${kind}`,
        label: `written along the senses, ${who}`,
        unit: "of the norm",
        x: "block",
        about:
          "What the sublayer writes along either sense's axis beyond its write in neutral sentences, over the stream's norm.",
      },
      {
        quantity: `share-${kind}`,
        label: `change of the share, ${who}`,
        unit: "of the norm",
        x: "block",
        about: "How the stream's share along either sense's axis changes by the sublayer, growth of the norm counted.",
      },
    ];
  }),
  {
    quantity: "held",
    label: "share along the senses",
    unit: "of the norm",
    x: "block",
    about: "The stream's share along either sense's axis before the block's MLP, neutral sentences being 0.",
  },
];

export const SERIES: Series[] = [
  {
    series: "chosen",
    label: "chosen sense",
    role: "measurement",
    about: "along the axis of the sense that the sentence has",
  },
  { series: "rejected", label: "rejected sense", role: "part", about: "along the axis of the other sense" },
  {
    series: "RD-chosen",
    label: "random axes, as chosen",
    role: "control",
    about: "random axes of the same variance, pointing where the sentence stands along the chosen axis",
  },
  {
    series: "RD-rejected",
    label: "random axes, as rejected",
    role: "control",
    about: "the same, pointing where it stands along the rejected axis",
  },
  {
    ...randomWeightsSeries("three seeds, a third of the nouns each"),
    series: "RW-chosen",
    label: "random weights, chosen",
  },
  { ...randomWeightsSeries("the same"), series: "RW-rejected", label: "random weights, rejected" },
];

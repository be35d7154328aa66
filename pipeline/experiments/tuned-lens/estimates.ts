import type { Estimate } from "../../artifacts/schema.ts";
import { type Draws, derive, difference } from "../../statistics/bootstrap.ts";
import { contrasts, contrastsOf } from "../lens/contrasts.ts";
import { columnOf, overallColumn } from "../lens/lens-sums.ts";
import { type Family, type Figure, pairedEstimates, plainEstimates } from "../lens/paired.ts";

/** Draws of every read-out over the sampled depths, on the same resamples of documents. */
export type ReadOuts = Readonly<Record<"closed" | "trained" | "trimmed" | "logit" | "SL" | "RW", Draws>>;

const THIRDS = ["early", "middle", "late"] as const;
const more: Figure[] = [
  ...THIRDS.map((third) => ({
    id: `kl-share-${third}`,
    label: `share of the way from the embedding's KL to zero within the ${third} third of the stack`,
    unit: "share",
    tolerance: 0.02,
  })),
  { id: "kl-embedding", label: "KL to the final prediction read from the embedding", unit: "nats", tolerance: 0.05 },
  {
    id: "prediction-depth-share",
    label: "mean prediction depth as a share of the blocks, sampled depths",
    unit: "share",
    tolerance: 0.01,
  },
  {
    id: "not-monotone-sampled",
    label: "share of tokens whose KL rises somewhere by more than 0.1 nats, sampled depths",
    unit: "share",
    tolerance: 0.02,
  },
];
const figures: Figure[] = [...contrasts, ...more];

/** The figures of one read-out; KL at a third of the stack lies on the line between the sampled depths about it. */
export function figuresOf(draws: Draws, depths: readonly number[], vocabulary: number): Draws {
  const n = depths.length;
  const last = depths.at(-1)!;
  const own = derive(draws, (s) => {
    const kl = depths.map((_, i) => s[columnOf("kl", i, n)]!);
    const at = (depth: number) => {
      const above = depths.findIndex((each) => each >= depth);
      const [from, to] = [depths[Math.max(0, above - 1)]!, depths[above]!];
      const share = to > from ? (depth - from) / (to - from) : 1;
      return kl[Math.max(0, above - 1)]! * (1 - share) + kl[above]! * share;
    };
    const marks = [kl[0]!, at(last / 3), at((2 * last) / 3), kl[n - 1]!];
    const way = marks[0]! - marks[3]!;
    return [
      ...THIRDS.map((_, third) => (marks[third]! - marks[third + 1]!) / way),
      kl[0]!,
      s[overallColumn("prediction-depth", n)]! / last,
      s[overallColumn("not-monotone", n)]!,
    ];
  });
  return sideBySide(contrastsOf(draws, depths, vocabulary), own);
}

/** The closed form against its controls; the trained maps and the maps without massive dimensions against the logit lens. */
export function tunedEstimates(
  readOuts: ReadOuts,
  depths: readonly number[],
  vocabulary: number,
  family: Family,
): Estimate[] {
  const of = (name: keyof ReadOuts) => figuresOf(readOuts[name], depths, vocabulary);
  const logit = of("logit");
  const named = (ending: string, words: string): Figure[] =>
    figures.map((figure) => ({ ...figure, id: `${figure.id}-${ending}`, label: `${figure.label}, ${words}` }));
  const trained = of("trained");
  return [
    ...pairedEstimates(
      of("closed"),
      [
        { code: "rw", label: "random weights", draws: of("RW") },
        { code: "logit", label: "logit lens", draws: logit },
        { code: "sl", label: "states paired at random", draws: of("SL") },
      ],
      figures,
      { ...family, method: `maps in closed form; ${family.method}` },
    ),
    ...plainEstimates(trained, named("trained", "maps trained on KL"), {
      ...family,
      method: `maps trained on KL; ${family.method}`,
    }),
    ...plainEstimates(
      difference(trained, logit),
      named("trained-beyond-logit", "maps trained on KL, difference from the logit lens"),
      { ...family, method: `maps trained on KL less the logit lens, paired; ${family.method}` },
    ),
    ...plainEstimates(of("trimmed"), named("trimmed", "maps that don't see massive dimensions"), {
      ...family,
      method: `maps in closed form, massive dimensions of every stream but the final one at 0 before the norm; ${family.method}`,
    }),
  ];
}

/** The statistics of both, on the same resamples. */
const sideBySide = (a: Draws, b: Draws): Draws => ({
  ...a,
  values: Float64Array.of(...a.values, ...b.values),
  draws: joined(a.draws, b.draws),
});

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

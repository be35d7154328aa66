import type { Concepts } from "./concepts.ts";
import { type DrawOptions, depthCurve } from "./depth-contrasts.ts";
import type { ScoredUnit, UnitSeries } from "./score-units.ts";

/** What the list of concepts reaches, and by which sort of concept. */
export const DESCRIBED = ["coverage", "by-letters"] as const;
export const DESCRIBED_WORDS = {
  coverage: {
    label: "Units that the list of concepts reaches",
    about:
      "Share of units whose best concept gets a tenth of the way from chance to finding every place where it fires.",
  },
  "by-letters": {
    label: "Units told by a token or a shape",
    about:
      "Share of units whose best concept, on the first half, is a token, a pair of tokens, or what a token looks like.",
  },
} as const;

/** The blocks' shares of units, with draws over the units of each block. */
export function describedCurves({ model }: UnitSeries, { labels }: Concepts, blocks: number, options: DrawOptions) {
  const curve = (is: (unit: ScoredUnit) => boolean) =>
    depthCurve(
      model.map((unit) => ({
        block: unit.block,
        score: { value: Number(is(unit)), influence: new Float64Array(unit.scores.concept.influence.length) },
      })),
      blocks,
      options,
    );
  return {
    coverage: curve(({ scores }) => scores.concept.value < 1 - REACHED),
    "by-letters": curve(({ concepts }) => LETTERS.has(labels[concepts[0]]!.kind)),
  };
}

const REACHED = 0.1;
const LETTERS: ReadonlySet<string> = new Set(["token", "previous token", "pair of tokens", "next token", "shape"]);

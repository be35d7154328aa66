import type { Estimate } from "../../artifacts/schema.ts";
import { estimate } from "../support/estimates.ts";
import { cosineEstimates } from "./cosine-estimates.ts";
import { middleDepths, perNoun, perNounIn, type SensesFindings } from "./findings.ts";
import { probeEstimates } from "./probe-estimates.ts";
import { against, differenceOf, recall } from "./report.ts";

/** All estimates of the experiment; the independent unit is the noun, but where an id ends in `-by-cue`. */
export const sensesEstimates = (found: SensesFindings): Estimate[] => [
  ...probeEstimates(found),
  ...axisEstimates(found),
  ...cosineEstimates(found),
];

function axisEstimates(found: SensesFindings): Estimate[] {
  const context = perNoun(found.axis.context, found.seed);
  const middle = perNounIn("middle", found.axis.model, found.thirds, found);
  const { shuffled, random } = found.axis;
  const controls = [
    ["shuffled", "shuffled senses", "senses dealt out anew within frames", shuffled],
    ["random", "random weights", "entries of every matrix permuted, mean of three seeds", random.permuted],
    ["random-blocks", "random blocks", "trained embeddings kept, mean of three seeds", random["permuted-blocks"]],
  ] as const;
  return [
    estimate(
      context,
      "noun",
      recall(
        "axis-context",
        "shared axis from the bag of context",
        "probe on the other nouns' mean context embeddings, tested on the noun left out",
      ),
    ),
    ...against(middle, context, "noun", {
      ...recall(
        "axis-middle",
        "shared axis, held-out nouns, middle third",
        "artifact against the rest, each noun's vectors centred, tested on the noun left out",
      ),
      control: "axis-context",
      differenceLabel: "shared axis, less bag of context",
    }),
    ...controls.flatMap(([code, label, method, recalls]) => {
      const draws = perNounIn("middle", recalls, middleDepths(found), found);
      return [
        estimate(draws, "noun", recall(`axis-middle-${code}`, `shared axis, ${label}, middle third`, method)),
        differenceOf(middle, draws, `axis-middle-minus-${code}`, `shared axis, less ${label}`),
      ];
    }),
  ];
}

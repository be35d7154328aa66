import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import type { ExperimentContext } from "../experiment.ts";
import { alignmentScore } from "./alignment-score.ts";
import { collectUnits, type UnitSample } from "./collect-units.ts";
import { keptPositions } from "./kept-positions.ts";
import type { ReadPassage } from "./passage-positions.ts";

export interface AlignedUnit {
  readonly block: number;
  readonly score: InfluencedScore;
}

/**
 * How far each sampled unit is proportional to one reading of its input, block after block. A pass of its own over some of the
 * passages: three values a unit and position at once, for all of them, would be most of what the experiment holds.
 */
export async function alignUnits(
  model: LanguageModel,
  passages: readonly ReadPassage[],
  sample: UnitSample,
  { seed, signal }: Pick<ExperimentContext, "seed" | "signal">,
  progress: (share: number) => void,
): Promise<AlignedUnit[]> {
  const sequences = passages.map(({ ids }) => ids);
  const { units, gates, readings, norms } = await collectUnits(model, sequences, sample, true, progress, signal);
  const positions = keptPositions(passages.length, norms, seed);
  return units.flatMap((of, block) =>
    of.map((values, u) => {
      const read = [gates, readings].flatMap((each) => each[block]?.[u] ?? []);
      return { block, score: alignmentScore(values, read, positions) };
    }),
  );
}

import type { LadderPrompts } from "../../artifacts/content/prompts/ladders.ts";
import type { Ladder, LadderItem } from "../../artifacts/ladder-leaks.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";

/** One step of one item as tokens. */
export interface StepCase {
  /** Index among the ladders that are kept. */
  readonly ladder: number;
  /** Numbered from 0 over all ladders. */
  readonly item: number;
  /** Items of a group share their words: the unit of resampling, numbered from 0 over all ladders. */
  readonly unit: number;
  readonly step: number;
  readonly prompt: readonly number[];
  /** The token that begins the right answer, and the one that begins the foil. */
  readonly answer: number;
  readonly foil: number;
}

export interface Cases {
  readonly ladders: readonly Ladder[];
  /** In order of ladder, item and step. */
  readonly cases: readonly StepCase[];
  readonly units: number;
}

/** Fewer groups than this give no interval that means anything: the ladder is left out. */
const LEAST_GROUPS = 8;

/**
 * What this tokenizer leaves of the ladders: items whose steps have one length and one last token, and whose answer and foil
 * begin apart with the same tokens after every step.
 * @throws Error where no ladder keeps eight groups.
 */
export function casesOf(set: LadderPrompts, tokenizer: Tokenizer): Cases {
  const found = set.ladders.map((ladder) => ({
    ladder,
    kept: ladder.items.flatMap((item) => {
      const steps = stepsOf(item, tokenizer);
      return steps ? [{ item, steps }] : [];
    }),
  }));
  const kept = found.filter((each) => new Set(each.kept.map(({ item }) => item.group)).size >= LEAST_GROUPS);
  if (kept.length === 0)
    throw new Error(
      `No ladder of ${set.title} keeps ${LEAST_GROUPS} groups of items with steps of one length in this tokenizer; expected at least one.`,
    );
  const units = new Map<string, number>();
  let items = 0;
  const cases = kept.flatMap(({ ladder, kept: own }, index) =>
    own.flatMap(({ item, steps }) => {
      const name = `${ladder.id}/${item.group}`;
      if (!units.has(name)) units.set(name, units.size);
      const place = { ladder: index, item: items++, unit: units.get(name)! };
      return steps.map((step, k) => ({ ...place, step: k, ...step }));
    }),
  );
  return { ladders: kept.map(({ ladder }) => ladder), cases, units: units.size };
}

type Tokens = Pick<StepCase, "prompt" | "answer" | "foil">;

function stepsOf(item: LadderItem, tokenizer: Tokenizer): Tokens[] | undefined {
  const steps = item.steps.map((text) => {
    const prompt = tokenizer.encode(text);
    const [answer, foil] = [item.answer, item.foil].map((word) => {
      const whole = tokenizer.encode(text + word);
      return prompt.every((id, i) => id === whole[i]) ? whole[prompt.length] : undefined;
    });
    return answer === undefined || foil === undefined || answer === foil ? undefined : { prompt, answer, foil };
  });
  const whole = steps.filter((step) => step !== undefined);
  const { prompt, answer, foil } = whole[0] ?? {};
  const like = (step: Tokens) =>
    step.prompt.length === prompt?.length &&
    step.prompt.at(-1) === prompt.at(-1) &&
    step.answer === answer &&
    step.foil === foil;
  return whole.length === item.steps.length && whole.every(like) ? whole : undefined;
}

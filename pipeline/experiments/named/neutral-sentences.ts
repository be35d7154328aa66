import type { SensesPrompts } from "../../artifacts/content/prompts/senses.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import { random } from "../../statistics/random.ts";
import { type Item, lemmaItems } from "../senses/items.ts";

type Lemma = SensesPrompts["lemmas"][number];

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];
/** A plural counts as its singular. */
const stem = (cue: string): string => cue.toLowerCase().replace(/e?s$/, "");

/** The cue words of a noun, by sense, each once. */
export const cuesBySense = ({ senses }: Lemma): string[][] =>
  senses.map(({ sentences }) => [...new Set(sentences.map(({ cue }) => cue))]);

/** Cue words of the other nouns that are none of this one's own. */
export function othersCues(lemmas: readonly Lemma[], lemma: Lemma): string[] {
  const own = new Set([...cuesBySense(lemma).flat(), lemma.form].map(stem));
  const others = lemmas.filter((other) => other !== lemma).flatMap((other) => cuesBySense(other).flat());
  return [...new Set(others)].filter((cue) => !own.has(stem(cue)));
}

/**
 * A noun's frames with cue words of the other nouns in the cue's place, which favour neither of its senses on the whole:
 * `perFrame` for each frame, drawn without a word that the frame has already.
 */
export function neutralItems(
  lemmas: readonly Lemma[],
  lemma: Lemma,
  tokenizer: Tokenizer,
  perFrame: number,
  seed: number,
): readonly Item[] {
  const { shuffle } = random(seed);
  const pool = othersCues(lemmas, lemma);
  const frames = [...new Set(lemmaItems(lemma, tokenizer).items.map(({ frame }) => frame))];
  const sentences = frames.flatMap((frame) => {
    const taken = new Set(words(frame));
    return shuffle(pool)
      .filter((cue) => !taken.has(cue.toLowerCase()))
      .slice(0, perFrame)
      .map((cue) => ({ text: frame.replace("{}", cue), cue }));
  });
  return lemmaItems({ ...lemma, senses: [{ ...lemma.senses[0]!, sentences }] }, tokenizer).items;
}

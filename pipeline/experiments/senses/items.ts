import type { SensesPrompts } from "../../artifacts/content/prompts/senses.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import { type Fold, groupedFolds } from "../../statistics/folds.ts";
import { random } from "../../statistics/random.ts";

type Lemma = SensesPrompts["lemmas"][number];

/** One sentence, cut after the second token that follows the target: nothing later can reach the places that are read. */
export interface Item {
  readonly ids: readonly number[];
  /** Token index at which the target word begins. */
  readonly start: number;
  /** … and at which it ends, where it is read: there the model has the whole word. The same where it is one token. */
  readonly target: number;
  /** Token index at which the cue ends. */
  readonly cueEnd: number;
  /** Number of tokens of the cue, the last of them at `cueEnd`. */
  readonly cueTokens: number;
  readonly cue: string;
  /** The sentence with its cue taken out. */
  readonly frame: string;
  /** 0 or 1 in the order of the prompt file. */
  readonly sense: number;
}

export interface LemmaItems {
  readonly lemma: string;
  readonly supersenses: readonly string[];
  readonly items: readonly Item[];
}

/**
 * The sentences of a lemma as tokens.
 * @throws Error where the target's tokens hold more than the word with its space, or fewer than two tokens follow it.
 */
export function lemmaItems(lemma: Lemma, tokenizer: Tokenizer): LemmaItems {
  const items = lemma.senses.flatMap(({ sentences }, sense) =>
    sentences.map(({ text, cue }): Item => {
      const ids = tokenizer.encode(text);
      const target = tokenAt(tokenizer, ids, text, lemma.form);
      const start = tokensBefore(tokenizer, text, lemma.form);
      const found = ids.slice(start, target + 1).map((id) => tokenizer.token(id));
      if (found.join("").trim() !== lemma.form || ids.length < target + 3)
        throw new Error(
          `senses: in "${text}" the word "${lemma.form}" should be tokens of its own with two or more after it; found "${found.join("")}". Choose another form or sentence.`,
        );
      const cueEnd = tokenAt(tokenizer, ids, text, cue);
      const before = tokensBefore(tokenizer, text, cue);
      const frame = text.replace(new RegExp(`\\b${cue}\\b`), "{}");
      return {
        ids: ids.slice(0, target + 3),
        start,
        target,
        cueEnd,
        cueTokens: cueEnd + 1 - before,
        cue,
        frame,
        sense,
      };
    }),
  );
  return { lemma: lemma.lemma, supersenses: lemma.senses.map((s) => s.supersense), items };
}

/** Number of tokens that stand before a word of the text; its leading space is its own. */
const tokensBefore = (tokenizer: Tokenizer, text: string, word: string): number =>
  tokenizer.encode(text.slice(0, Math.max(0, text.search(new RegExp(`\\b${word}\\b`)))).trimEnd()).length;

/** Index of the token in which a word of the text ends. */
function tokenAt(tokenizer: Tokenizer, ids: readonly number[], text: string, word: string): number {
  const end = text.search(new RegExp(`\\b${word}\\b`)) + word.length;
  let length = 0;
  for (const [i, id] of ids.entries()) {
    length += tokenizer.token(id).length;
    if (length >= end) return i;
  }
  throw new Error(`senses: "${word}" does not stand in "${text}".`);
}

/**
 * Folds that hold out cue words. A sentence frame stands in both senses, so holding out a cue leaves more of the *other*
 * sense of its frame in training and would push any probe that knows frames below chance: in each training part every
 * frame keeps equally many sentences of each sense (a random one is left out), and the frame says nothing.
 */
export function cueFolds(items: readonly Item[], senses: ArrayLike<number>, k: number, seed: number): Fold[] {
  const folds = groupedFolds(
    items.map((item) => item.cue),
    items.map((item) => item.sense),
    k,
    seed,
  );
  const generator = random(seed + 1);
  return folds.map(({ train, test }) => {
    const byFrame = Map.groupBy(generator.shuffle(train), (i) => items[i]!.frame);
    const kept: number[] = [];
    for (const members of byFrame.values()) {
      const sides = [0, 1].map((sense) => members.filter((i) => senses[i] === sense));
      const least = Math.min(...sides.map((side) => side.length));
      for (const side of sides) kept.push(...side.slice(0, least));
    }
    return { train: Int32Array.from(kept).sort(), test };
  });
}

/** Control SL: senses dealt out anew within each frame, so that frames stay balanced. */
export function shuffledSenses(items: readonly Item[], seed: number): Int32Array {
  const generator = random(seed);
  const shuffled = new Int32Array(items.length);
  const byFrame = Map.groupBy(items.keys(), (i) => items[i]!.frame);
  for (const members of byFrame.values()) {
    const senses = generator.shuffle(members.map((i) => items[i]!.sense));
    for (const [j, i] of members.entries()) shuffled[i] = senses[j]!;
  }
  return shuffled;
}

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readContent } from "../../pipeline/artifacts/content-files.ts";
import { document, documentIds } from "../../pipeline/corpora/brown.ts";
import { commonest, ppmi, readCorpus } from "../../pipeline/experiments/cooccurrence/corpus.ts";
import { dense, dot, row } from "../../pipeline/statistics/dense.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = readContent(root, ["prompts"]).prompts.find(({ id }) => id === "triples")?.data;
if (data?.kind !== "triples") throw new Error("expected content/prompts/triples.yaml to be of kind triples");
const { triples } = data;
const corpus = readCorpus();
const places = new Map(corpus.vocabulary.map((word, at) => [word, at]));
const frequency = (word: string) => Math.log(corpus.counts[places.get(word)!]!);

const sharedLetters = (a: string, b: string) => {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
};
/** Everything about a partner that must not tell near from far. */
const features: Record<string, (partner: string, word: string) => number> = {
  "log frequency": (partner) => frequency(partner),
  "distance of log frequencies": (partner, word) => Math.abs(frequency(partner) - frequency(word)),
  "length in letters": (partner) => partner.length,
  "difference of lengths": (partner, word) => Math.abs(partner.length - word.length),
  "first letters shared with the word": sharedLetters,
  "place in the alphabet": (partner) => partner.charCodeAt(0),
};

/** The chance that a near word scores above a far one, ties half: 0.5 where the feature tells nothing. */
function told(feature: (partner: string, word: string) => number): number {
  let wins = 0;
  for (const a of triples)
    for (const b of triples) {
      const [near, far] = [feature(a.near, a.word), feature(b.far, b.word)];
      wins += near > far ? 1 : near === far ? 0.5 : 0;
    }
  return wins / triples.length ** 2;
}

describe("triples of words", () => {
  it("have each word once", () => {
    const all = triples.flatMap(({ word, near, far }) => [word, near, far]);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(Object.entries(features))("near and far can't be told by their %s", (_, feature) => {
    // With 119 of each, the standard error of this figure is 0.038.
    expect(Math.abs(told(feature) - 0.5)).toBeLessThan(0.08);
  });

  it("are matched one by one in frequency and length", () => {
    for (const { near, far } of triples) {
      expect(Math.abs(frequency(near) - frequency(far)), `${near}, ${far}`).toBeLessThan(0.2001);
      expect(Math.abs(near.length - far.length), `${near}, ${far}`).toBeLessThan(2);
    }
  });

  it("have one tag, and eight uses in documents of odd number", () => {
    const tags = new Map<string, Map<string, number>>();
    const uses = new Map<string, Set<number>>();
    const wanted = new Set(triples.flatMap(({ word, near, far }) => [word, near, far]));
    documentIds().forEach(({ id }, index) => {
      for (const { words } of document(id).sentences)
        words.forEach(({ text, tag }, i) => {
          const word = text.toLowerCase();
          if (!wanted.has(word)) return;
          const of = tags.get(word) ?? new Map<string, number>();
          const base = tag.replace(/[-+*$].*$/, "").toUpperCase();
          tags.set(word, of.set(base, (of.get(base) ?? 0) + 1));
          if (index % 2 === 1 && i >= 5 && text === word)
            uses.set(word, (uses.get(word) ?? new Set<number>()).add(index));
        });
    });
    for (const { tag, ...words } of triples)
      for (const word of Object.values(words)) {
        const counts = tags.get(word)!;
        const total = [...counts.values()].reduce((a, b) => a + b, 0);
        expect(counts.get(tag)! / total, word).toBeGreaterThanOrEqual(0.75);
        expect(uses.get(word)!.size, word).toBeGreaterThanOrEqual(8);
      }
  });

  it("differ in overlap where they were chosen, and still where their uses come from", () => {
    const words = triples.flatMap(({ word, near, far }) => [word, near, far].map((each) => places.get(each)!));
    const contexts = commonest(corpus, 2000);
    const gaps = [0, 1].map((parity) => {
      const vectors = dense(
        words.length,
        contexts.length,
        ppmi(corpus, words, contexts, 5, (index) => index % 2 === parity),
      );
      const cosine = (i: number, j: number) => {
        const [a, b] = [row(vectors, i), row(vectors, j)];
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      };
      return triples.map((_, t) => cosine(3 * t, 3 * t + 1) - cosine(3 * t, 3 * t + 2));
    });
    const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
    expect(Math.min(...gaps[0]!)).toBeGreaterThan(0.1);
    expect(mean(gaps[1]!)).toBeGreaterThan(0.05);
  });
});

import { describe, expect, it } from "vitest";
import { document, documentIds, passages, universalTag, version } from "../../pipeline/corpora/brown.ts";

describe("the Brown corpus", () => {
  const all = documentIds().map(({ id }) => document(id));

  it("has its 500 documents in 15 categories", () => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(all.length).toBe(500);
    expect(new Set(all.map(({ category }) => category)).size).toBe(15);
    expect(all.filter(({ category }) => category === "learned").length).toBe(80);
    expect(() => document("zz99")).toThrow('The Brown corpus has no document "zz99"');
  });

  it("begins with its well-known sentence, written as English", () => {
    const [first, second] = document("ca01").sentences;
    expect(first!.text).toBe(
      "The Fulton County Grand Jury said Friday an investigation of Atlanta's recent primary election produced " +
        '"no evidence" that any irregularities took place.',
    );
    expect(first!.words.slice(0, 2)).toEqual([
      { text: "The", start: 0, end: 3, tag: "at" },
      { text: "Fulton", start: 4, end: 10, tag: "np-tl" },
    ]);
    expect([first!.opensParagraph, second!.opensParagraph, first!.headline]).toEqual([true, true, false]);
  });

  it("has every word at its span, in order, with nothing but spaces between", () => {
    let words = 0;
    for (const { sentences } of all) {
      for (const sentence of sentences) {
        let at = 0;
        for (const { text, start, end } of sentence.words) {
          if (sentence.text.slice(start, end) !== text || !/^ ?$/.test(sentence.text.slice(at, start))) {
            expect.fail(`"${text}" is not at ${start}–${end} of "${sentence.text}"`);
          }
          at = end;
          words++;
        }
        if (at !== sentence.text.length) expect.fail(`"${sentence.text}" goes on after its last word`);
      }
    }
    expect(words).toBeGreaterThan(1_100_000);
  });

  it("has no doubled mark, no formula's placeholder, no code for a symbol, no odd space left", () => {
    let doubled = 0;
    let formulas = 0;
    for (const { sentences, cleaned, id } of all) {
      doubled += cleaned.doubledPunctuation;
      formulas += cleaned.formulaSentences;
      for (const { text, words } of sentences) {
        if (/;;|\?\?\?|\bAf(?:\b|-)|\*\*|[{}]|``|''| [,.;?!)]|\( |\.\.$| {2}/.test(text.replace(/ \.\d/g, ""))) {
          expect.fail(`${id}: ${text}`);
        }
        expect(words.length).toBeGreaterThan(0);
      }
    }
    // Of 5 558 semicolons, 4 628 question marks and 1 590 exclamation marks half are doubles, and 72 commas.
    expect(doubled).toBeGreaterThan(5850);
    expect(doubled).toBeLessThan(6050);
    expect(formulas).toBe(647);
  });

  it("sets closing marks before closing quotes, and quotes against what they quote", () => {
    const texts = document("ck01").sentences.map(({ text }) => text);
    expect(texts).toContain('Scotty said, "Okay."');
    expect(texts).toContain('"How\'s Scotty?"');
    const spaced = all.flatMap(({ sentences }) => sentences.filter(({ text }) => /(?:^|\s)"(?:\s|$)/.test(text)));
    expect(spaced.length).toBeLessThan(60);
  });

  it("keeps a headline as a headline", () => {
    const headlines = document("ca10").sentences.filter(({ headline }) => headline);
    expect(headlines.length).toBeGreaterThan(2);
    expect(headlines.every(({ words }) => words.every(({ tag }) => tag.endsWith("-hl")))).toBe(true);
  });
});

describe("universal tags", () => {
  it.each([
    ["nn-tl", "NOUN"],
    ["np$", "NOUN"],
    ["nr", "NOUN"],
    ["ppss+ber", "PRON"],
    ["pp$", "DET"],
    ["pp$$", "PRON"],
    ["at", "DET"],
    ["wdt", "DET"],
    ["wrb", "ADV"],
    ["wps", "PRON"],
    ["md*", "VERB"],
    ["bez", "VERB"],
    ["vbg+to", "VERB"],
    ["jjr-hl", "ADJ"],
    ["cd", "NUM"],
    ["in-tl-hl", "ADP"],
    ["cs", "ADP"],
    ["cc", "CONJ"],
    ["to", "PRT"],
    ["rp", "PRT"],
    ["*", "ADV"],
    [".-hl", "."],
    ["``", "."],
    ["---hl", "."],
    ["fw-nn", "X"],
    ["nil", "X"],
  ])("%s is %s", (tag, universal) => expect(universalTag(tag)).toBe(universal));

  it("leave no tag of the corpus unknown but foreign and untagged words", () => {
    const unknown = new Set<string>();
    for (const { id } of documentIds()) {
      for (const { words } of document(id).sentences) {
        for (const { tag } of words) if (universalTag(tag) === "X") unknown.add(tag);
      }
    }
    expect([...unknown].filter((tag) => !tag.startsWith("fw-") && !tag.startsWith("nil"))).toEqual([]);
  });
});

describe("passages", () => {
  const chosen = passages({ count: 200, words: 100, seed: 1 });

  it("come from as many documents, in proportion to the categories", () => {
    expect(chosen.length).toBe(200);
    expect(new Set(chosen.map(({ document: id }) => id)).size).toBe(200);
    const count = (name: string) => chosen.filter(({ category }) => category === name).length;
    expect([count("learned"), count("belles_lettres"), count("mystery")]).toEqual([32, 30, 10]);
    expect(new Set(chosen.map(({ category }) => category)).size).toBe(15);
  });

  it("are whole sentences of running text, long enough, with words at their spans", () => {
    for (const { document: id, text, words } of chosen) {
      const counted = words.filter((word) => /[\p{L}\p{N}]/u.test(word.text)).length;
      expect(counted).toBeGreaterThanOrEqual(100);
      const { sentences } = document(id);
      expect(sentences.some((sentence) => text.startsWith(sentence.text) && !sentence.headline)).toBe(true);
      expect(sentences.some((sentence) => text.endsWith(sentence.text))).toBe(true);
      for (const word of words) expect(text.slice(word.start, word.end)).toBe(word.text);
    }
  });

  it("cross no gap and no headline", () => {
    for (const { document: id, text } of chosen) {
      const { sentences } = document(id);
      const parts = text.split("\n\n");
      for (const part of parts) expect(sentences.some((s) => s.headline && s.text === part)).toBe(false);
      const start = sentences.findIndex((_, i) => joined(sentences.slice(i)).startsWith(text));
      expect(start).toBeGreaterThanOrEqual(0);
      let length = sentences[start]!.text.length;
      for (let i = start + 1; length < text.length; i++) {
        expect(sentences[i]!.afterGap || sentences[i]!.headline).toBe(false);
        length += sentences[i]!.text.length + (sentences[i]!.opensParagraph ? 2 : 1);
      }
    }
  });

  it("are the same for the same seed, others for another", () => {
    expect(passages({ count: 200, words: 100, seed: 1 })).toEqual(chosen);
    const other = passages({ count: 200, words: 100, seed: 2 });
    expect(other.filter(({ text }) => chosen.some((each) => each.text === text)).length).toBeLessThan(30);
  });

  it("say when the corpus hasn't as many", () => {
    expect(() => passages({ count: 501, words: 10, seed: 1 })).toThrow("Brown has 500 documents");
    expect(() => passages({ count: 400, words: 1500, seed: 1 })).toThrow(
      /has only \d+ documents with 1500 words in a row/,
    );
  });
});

function joined(sentences: readonly { text: string; opensParagraph: boolean }[]): string {
  return sentences
    .slice(0, 80)
    .map(({ text, opensParagraph }, i) => (i === 0 ? text : (opensParagraph ? "\n\n" : " ") + text))
    .join("");
}

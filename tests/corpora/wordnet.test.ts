import { describe, expect, it } from "vitest";
import {
  ancestors,
  depth,
  distance,
  lemmas,
  SUPERSENSES,
  senses,
  supersense,
  synsetDistance,
  synsets,
  version,
} from "../../pipeline/corpora/wordnet.ts";

describe("WordNet's nouns", () => {
  it("are the 82 192 synsets of WordNet 3.1, every one with words, a gloss and a class", () => {
    expect(version).toMatch(/^3\.1\.\d+$/);
    expect(synsets().size).toBe(82_192);
    const classes = new Set<string>();
    for (const { words, gloss, supersense: of } of synsets().values()) {
      if (words.length === 0 || gloss === "") expect.fail("a synset without words or gloss");
      classes.add(of);
    }
    expect([...classes].sort()).toEqual([...SUPERSENSES].sort());
  });

  it("form one tree (strictly, an acyclic graph) below entity", () => {
    let rootless = 0;
    for (const [offset, { hypernyms }] of synsets()) {
      if (hypernyms.length === 0) rootless++;
      if (depth(offset) === undefined) expect.fail(`${offset} is not below entity`);
    }
    expect(rootless).toBe(1);
    expect(depth(senses("entity")[0]!.offset)).toBe(0);
  });

  it("resolve every sense of every lemma", () => {
    let count = 0;
    for (const lemma of lemmas()) {
      const found = senses(lemma);
      if (found.length === 0 || found.includes(undefined as never))
        expect.fail(`"${lemma}" has a sense that isn't there`);
      count++;
    }
    expect(count).toBeGreaterThan(110_000);
  });
});

describe("first senses", () => {
  it("have the lexicographer classes that a dictionary reader would expect", () => {
    const expected = {
      dog: "animal",
      chair: "artifact",
      physician: "person",
      oak: "plant",
      bread: "food",
      river: "object",
      grief: "feeling",
      Monday: "time",
    };
    for (const [word, of] of Object.entries(expected)) expect([word, supersense(word)]).toEqual([word, of]);
  });

  it("come before rarer ones: bank the slope, then bank the institution", () => {
    expect(
      senses("bank")
        .slice(0, 2)
        .map(({ supersense: of }) => of),
    ).toEqual(["object", "group"]);
  });

  it("are found for regular plurals and not made up for other words", () => {
    expect([supersense("dogs"), supersense("boxes"), supersense("countries"), supersense("women")]).toEqual([
      supersense("dog"),
      supersense("box"),
      supersense("country"),
      supersense("woman"),
    ]);
    expect(supersense("xyzzyq")).toBeUndefined();
    expect(distance("xyzzyq", "dog")).toBeUndefined();
  });
});

describe("tree distance", () => {
  it("counts steps: dog and cat meet at carnivore, two up from each", () => {
    expect(distance("dog", "cat")).toBe(4);
    const above = ancestors(senses("dog")[0]!.offset);
    expect([...above.keys()].map((at) => synsets().get(at)!.words[0])).toEqual(
      expect.arrayContaining(["canine", "carnivore", "entity"]),
    );
  });

  it("is a distance: 0 to itself, symmetric, least for near words", () => {
    const words = ["dog", "cat", "oak", "bread", "truth", "car", "bicycle", "physician"];
    for (const a of words) {
      expect(distance(a, a)).toBe(0);
      for (const b of words) expect(distance(a, b)).toBe(distance(b, a));
    }
    expect(distance("car", "bicycle")).toBeLessThan(distance("car", "truth")!);
    expect(synsetDistance(senses("dog")[0]!.hypernyms[0]!, senses("dog")[0]!.offset)).toBe(1);
    expect(() => ancestors(1)).toThrow("no noun synset at offset 1");
  });
});

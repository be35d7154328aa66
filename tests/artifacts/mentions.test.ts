import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readBody } from "../../pipeline/artifacts/body.ts";
import { COMPONENTS } from "../../pipeline/artifacts/mentions.ts";

const mentionsOf = (body: string) => readBody({ body }).mentions;

const sentenceOf = (body: string, name: string) => mentionsOf(body).find((mention) => mention.name === name)?.sentence;

describe("the sentence in which a component stands", () => {
  it("is the one before a citation that follows its full stop", () => {
    expect(sentenceOf('One. Two is said, e.g. here. <Cite note="x" /> Three.', "Cite")).toBe("Two is said, e.g. here.");
  });

  it("is the one around a citation inside it", () => {
    expect(sentenceOf('One. As <Cite note="x" /> has it, two. Three.', "Cite")).toBe("As has it, two.");
  });

  it("is whole for a claim that is a part of it", () => {
    expect(sentenceOf('One. Then <Claim of="a/b">it falls</Claim>, as was said. Three.', "Claim")).toBe(
      "Then it falls, as was said.",
    );
    expect(sentenceOf('One. <Claim of="a/b">It falls.</Claim> Three.', "Claim")).toBe("It falls.");
  });

  it("shows a gap where a number or a source is read at build", () => {
    expect(sentenceOf('One. It keeps <Value of="e/x" /> of them; <Source id="y" /> says more. Three.', "Source")).toBe(
      "It keeps […] of them; […] says more.",
    );
  });

  it("reads through emphasis and formulas", () => {
    expect(sentenceOf('One. The *whole <Claim of="a/b">of $x < y$</Claim> here*. Three.', "Claim")).toBe(
      "The whole of x < y here.",
    );
  });
});

it("finds every component with its attributes and line, in order", () => {
  const found = mentionsOf(
    'A <Value of="e/x" field="lo" />.\n\n<Claim of="c">With <Term id="t">term</Term></Claim>.\n\n<SoundingLog experiment="e" quantities={["a"]} />',
  );
  expect(found.map(({ name, attributes, line }) => [name, attributes, line])).toEqual([
    ["Value", { of: "e/x", field: "lo" }, 1],
    ["Claim", { of: "c" }, 3],
    ["Term", { id: "t" }, 3],
    ["SoundingLog", { experiment: "e" }, 5],
  ]);
});

it("knows every component that Body.astro draws", () => {
  const [, drawn = ""] = /const components = \{([^}]*)\}/.exec(readFileSync("src/components/Body.astro", "utf8")) ?? [];
  const names = drawn.split(",").map((name) => name.trim());
  expect(names.filter((name) => !["Fragment", "ClaimMargin"].includes(name)).sort()).toEqual([...COMPONENTS].sort());
});

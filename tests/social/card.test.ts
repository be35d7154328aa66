import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { VERDICTS } from "../../pipeline/artifacts/verdict.ts";
import { readFacts } from "../../src/facts/site.ts";
import { type CardKind, cardFacts, cardKinds } from "../../src/facts/social.ts";
import type { CardFacts } from "../../src/social/card.ts";
import { renderCard } from "../../src/social/render.ts";

const cache = mkdtempSync(join(tmpdir(), "cards-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const facts = readFacts("tests/fixtures/vault");
const note = cardFacts(facts, "notes", "does-the-invented-quantity-fall");

/** Width and height from a PNG's first chunk. */
const sizeOf = (png: Buffer) => {
  expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

describe("the picture of a page", () => {
  it("is a PNG of 1200 by 630 for every line, note and source", async () => {
    for (const kind of Object.keys(cardKinds) as CardKind[])
      for (const id of cardKinds[kind](facts))
        expect(sizeOf(await renderCard(cardFacts(facts, kind, id), cache)), `${kind} ${id}`).toEqual([1200, 630]);
  });

  it("carries the page's verdicts and a curve that its claims speak of", () => {
    expect(note.verdicts).toEqual(["supported", "mixed"]);
    expect(note.track?.quantity.label).toBeTruthy();
    expect(note.about).toMatch(/^2 claims · measured on Fixture A, Fixture B$/);
    expect(() => cardFacts(facts, "notes", "none")).toThrow(/no notes "none"/);
  });

  it("is drawn once: the same facts read the file, other facts make another", async () => {
    const first = await renderCard(note, cache);
    const before = readdirSync(cache).length;
    expect((await renderCard(note, cache)).equals(first)).toBe(true);
    expect(readdirSync(cache)).toHaveLength(before);
    const other = await renderCard({ ...note, verdicts: ["contradicted", "mixed"] }, cache);
    expect(other.equals(first)).toBe(false);
    expect(readdirSync(cache)).toHaveLength(before + 1);
  });

  it("draws any title, and takes none of it for markup", async () => {
    const strange: CardFacts = { ...note, verdicts: VERDICTS, title: "<svg onload=alert(1)> & “Ωβ” 深度 ".repeat(9) };
    expect(sizeOf(await renderCard(strange, cache))).toEqual([1200, 630]);
  });
});

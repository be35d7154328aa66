import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { CARDS, cardOf, readCards } from "../../pipeline/models/cards.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "soundings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const card = (): Record<string, unknown> => parse(readFileSync(join(CARDS, "smollm2-135m.yaml"), "utf8"));
const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), JSON.stringify(content));

test("the real model's card has the hash that the goldens were made with", () => {
  const golden = z
    .object({ weights_sha256: z.string() })
    .parse(JSON.parse(readFileSync(new URL("../golden/smollm2/smollm2-135m.json", import.meta.url), "utf8")));
  expect(cardOf("smollm2-135m").sha256).toBe(golden.weights_sha256);
});

test("the default card comes first", () => {
  write("smollm2-135m.yaml", card());
  write("a.yaml", { ...card(), id: "a", default: false });
  expect([...readCards(folder).keys()]).toEqual(["smollm2-135m", "a"]);
});

test("an unknown model is refused with the nearest there is", () => {
  expect(() => cardOf("smolm2-135")).toThrow(
    'no model "smolm2-135"; did you mean "smollm2-135m"? There are: smollm2-135m',
  );
  expect(() => cardOf("zzzz")).toThrow('no model "zzzz" There are');
});

test("a card that isn't valid is named with its field", () => {
  write("smollm2-135m.yaml", { ...card(), sha256: "12", extra: 1 });
  expect(() => readCards(folder)).toThrow(/content\/models\/smollm2-135m\.yaml: .*sha256: expected a SHA-256/);
  writeFileSync(join(folder, "smollm2-135m.yaml"), "id: [");
  expect(() => readCards(folder)).toThrow("content/models/smollm2-135m.yaml: ");
  write("smollm2-135m.yaml", { ...card(), id: "other" });
  expect(() => readCards(folder)).toThrow('id: found "other", expected "smollm2-135m"');
  write("smollm2-135m.yaml", { ...card(), default: false });
  expect(() => readCards(folder)).toThrow("found 0 cards with `default: true`");
});

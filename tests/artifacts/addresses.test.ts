import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FOLDERS, PARTS } from "../../pipeline/artifacts/addresses.ts";

const FILES = {
  lines: "[slug]",
  notes: "[slug]",
  sources: "[id]",
  topics: "[slug]",
  experiments: "[id]",
  models: "[id]",
} as const;

it.each(Object.keys(FILES) as (keyof typeof FILES)[])(
  "the parts of pages of %s are the headings of their page",
  (kind) => {
    const page = readFileSync(`src/pages/${FOLDERS[kind]}/${FILES[kind]}.astro`, "utf8");
    const foot = page.includes("<Foot ") ? readFileSync("src/components/Foot.astro", "utf8") : "";
    const ids = [...(page + foot).matchAll(/<h2 id="([a-z-]+)"/g)].map(([, id]) => id);
    expect([...PARTS[kind]].sort()).toEqual([...ids].sort());
  },
);

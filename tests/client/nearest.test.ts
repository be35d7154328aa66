import { expect, it } from "vitest";
import { nearest } from "../../src/client/nearest.ts";

const pages: [string, string][] = [
  ["notes/do-predictions-sharpen-layer-by-layer/", "Do predictions sharpen layer by layer?"],
  ["sources/lad-2024-stages/", "The Remarkable Robustness of LLMs: Stages of Inference?"],
  ["glossary/#kl-divergence", "KL divergence"],
];

it("a page is found by its address, mistyped, by its title, and in the wrong part of the site", () => {
  const first = (path: string) => nearest(path, pages)[0]![0];
  expect(first("/notes/do-predictions-sharpn-layer-by-layer/")).toBe(pages[0]![0]);
  expect(first("/remarkable-robustness/")).toBe(pages[1]![0]);
  expect(first("/notes/lad-2024/")).toBe(pages[1]![0]);
  expect(first("/glossary/kl-divergence/")).toBe(pages[2]![0]);
});

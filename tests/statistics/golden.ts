import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Dense, dense } from "../../pipeline/statistics/dense.ts";

// biome-ignore lint/suspicious/noExplicitAny: recorded JSON, its shape is make.py's
export function golden(name: string): any {
  return JSON.parse(readFileSync(new URL(`../golden/statistics/${name}.json`, import.meta.url), "utf8"));
}

export function matrix(recorded: { rows: number; columns: number; data: number[] }): Dense {
  return dense(recorded.rows, recorded.columns, recorded.data);
}

/** Greatest difference between two lists of numbers is at most `tolerance`. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(found[i]! - expected[i]!) || 0);
  for (let i = 0; i < expected.length; i++) expect(Number.isFinite(found[i])).toBe(true);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

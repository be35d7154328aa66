import { expect, it } from "vitest";
import { readingOf, stripOf } from "../../src/charts/trace-strip.ts";
import { readFacts } from "../../src/facts/site.ts";
import { traceOf } from "../../src/facts/traces.ts";

const facts = readFacts(".");
const trace = (id: string) => traceOf(facts, id, ".")!.trace;

it("the last token's attention is drawn for every block, and the sink takes most of it somewhere", () => {
  const { depths, runs } = stripOf(trace("ferry-bank"), "looks");
  expect(depths).toBe(30);
  const first = runs.filter(({ token }) => token === 0).map(({ ground }) => Number(ground.slice(1)));
  expect(Math.max(...first)).toBeGreaterThan(10);
});

it("runs fill each column once and leave out nothing but the paper", () => {
  for (const shown of ["entropy", "kl", "top", "rank", "mlp"] as const) {
    const { depths, runs } = stripOf(trace("capital-easy"), shown);
    expect(depths).toBe(31);
    for (let token = 0; token < 5; token++) {
      const own = runs.filter((run) => run.token === token);
      for (const [i, run] of own.entries()) {
        expect(run.from + run.depths).toBeLessThanOrEqual(own[i + 1]?.from ?? depths);
        expect(run.ground).not.toBe("g0");
      }
    }
  }
});

it("reads where the model is right in the end: Paris after “city of”", () => {
  const { token, said } = readingOf(trace("capital-easy"));
  const found = trace("capital-easy");
  const next = found.next[token];
  expect(next).not.toBeNull();
  expect(said.at(-1)).toEqual({ depth: 30, token: found.vocabulary[String(next)] });
  expect(said.map(({ depth }) => depth)).toEqual([0, 8, 15, 23, 30]);
});

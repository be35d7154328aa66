import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { policy } from "../../src/facts/policy.ts";

it("the policy is strict, and the headers say what the pages say", () => {
  const headers = readFileSync("public/_headers", "utf8");
  expect(headers).toContain(`Content-Security-Policy: ${policy};`);
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
});

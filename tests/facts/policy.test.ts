import { expect, it } from "vitest";
import { policyFor } from "../../src/facts/policy.ts";
import { HEADERS, headersFile } from "../../src/integrations/headers.ts";

it("the policy is strict, and the headers forbid nothing that a page needs", () => {
  const laxest = policyFor(["wasm"]);
  expect(HEADERS["Content-Security-Policy"]).toBe(`${laxest}; frame-ancestors 'none'`);
  expect(laxest).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|blob:|\*/);
});

it("only a page that asks for it may run WebAssembly", () => {
  expect(policyFor([])).toContain("script-src 'self'; ");
});

it("headers are for the folder that the site is served from", () => {
  expect(headersFile("/wiki")).toMatch(/^\/wiki\/\*\n {2}Content-Security-Policy: /);
  expect(headersFile("")).toMatch(/^\/sw\.js\n {2}Cache-Control: no-cache$/m);
});

import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { badUse, describeError, exitCodeOf, run, UserError } from "../../pipeline/commands/support/errors.ts";
import { startProgress } from "../../pipeline/commands/support/progress.ts";

const exitCode = process.exitCode;
afterEach(() => {
  process.exitCode = exitCode;
});

test("an error for people is its message; a fault of ours comes with its stack", () => {
  expect(describeError(new UserError("the disk is full"))).toBe("error: the disk is full");
  expect(describeError(new TypeError("x is not a function"))).toMatch(
    /^error: this is a fault in Soundings.*\n.*x is not a function\n +at /s,
  );
});

test("exit codes: 0 done, 1 something is wrong, 2 bad use", async () => {
  expect([exitCodeOf(new UserError("")), exitCodeOf(new Error("")), exitCodeOf(badUse("")), exitCodeOf("")]).toEqual([
    1, 1, 2, 1,
  ]);
  await run(async () => undefined)();
  expect(process.exitCode).toBe(0);
  await run(async () => 1)();
  expect(process.exitCode).toBe(1);
});

test("piped progress is plain lines, few of them", () => {
  const stream = new PassThrough();
  const progress = startProgress("brown", 200, { unit: "passages", stream });
  for (let i = 0; i <= 200; i++) progress.update(i);
  progress.stop();
  expect(String(stream.read())).toBe("brown: 200 passages\nbrown: done\n");
});

import { expect, it } from "vitest";
import { soundings } from "../support/cli.ts";
import { realModel } from "../support/real-model.ts";

const small = ["--batch", "1", "--tokens", "4", "--repeats", "1", "--threads", "1"];
const positive = expect.toSatisfy((value: unknown) => typeof value === "number" && value > 0);

it("bench trace prints one JSON object with the fields that scripts read, its notes on standard error", async () => {
  await realModel();
  const { code, stdout, stderr } = await soundings(["bench", "trace", ...small, "--json"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(stdout)).toEqual({
    model: "smollm2-135m",
    device: "cpu",
    batch: 1,
    tokens: 4,
    threads: 1,
    tokens_per_s: positive,
    peak_rss_mib: positive,
    matmul_gflops: positive,
    fraction_of_matmul: positive,
    lens_tokens_per_s: positive,
    lens_over_products: positive,
    lens_peak_rss_mib: positive,
  });
});

it("bench train prints a Markdown table and nothing else", async () => {
  const { code, stdout, stderr } = await soundings(["bench", "train", ...small]);
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "Training steps of a tiny Llama, batch 1 × 4 tokens, 1 threads",
    "",
    expect.stringMatching(/^\| \| tokens\/s \| peak MiB \|/),
    "|---|---:|---:|---:|---:|",
    expect.stringMatching(/^\| soundings \| \d+ \| \d+ \| 1.00 \| 1.00 \|$/),
    "",
  ]);
});

it("a number that is none, or a peer's Python that isn't there, is told in one line", async () => {
  const bad = await soundings(["bench", "train", "--batch", "none"]);
  expect(bad).toEqual({ code: 2, stdout: "", stderr: "error: --batch none: give a whole number of 1 or more.\n" });
  const nowhere = await soundings(["bench", "train", ...small, "--peers", "no-such-python"]);
  expect(nowhere).toMatchObject({ code: 1, stdout: "" });
  expect(nowhere.stderr).toMatch(/error: no-such-python could not be started: .*ENOENT/);
});

it("bench regenerate reports what nothing stale takes, what one prompt set costs, and what the pipeline adds, by model", async () => {
  const few = ["--artifacts", "6", "--results", "2", "--seconds", "1", "--rounds", "1", "--only", "residual-writes"];
  const { code, stdout, stderr } = await soundings(["bench", "regenerate", ...few, "--json"]);
  expect(code, stderr).toBe(0);
  const { costs, ...result } = JSON.parse(stdout);
  expect(result).toEqual({
    artifacts: 6,
    nothing_stale_s: positive,
    prompt_set: { results: 2, took_s: expect.toSatisfy((s) => s >= 2), costs_s: expect.toSatisfy((s) => s >= 2) },
    overhead: { model: "soundings-2m", experiments: 1, bare_s: positive, measured_s: positive },
  });
  expect(costs["smollm2-135m"]).toContainEqual(
    expect.objectContaining({ experiment: "logit-lens", seconds: positive }),
  );
});

it("bench search asks the site's search in Chromium: claims by verdict, symbols, Japanese, each with its KiB", async () => {
  const { code, stdout, stderr } = await soundings(["bench", "search", "--pages", "100", "--rounds", "1", "--json"]);
  expect(code, stderr).toBe(0);
  const { rows, ...result } = JSON.parse(stdout);
  expect(result).toEqual({
    pages: 100,
    claims: 100,
    index_s: positive,
    open_ms: positive,
    open_kib: positive,
  });
  for (const row of rows) expect(row).toMatchObject({ first_ms: positive, all_ms: positive, kib: positive });
  const found = new Map(rows.map(({ query, total }: { query: string; total: number }) => [query, total]));
  expect(found.get("page_99")).toBe(2);
  expect(found.get("d=576")).toBe(1);
  expect(found.get("意味は深さ")).toBe(1);
  expect(found.get("kind=claim verdict=contradicted model=one")).toBeGreaterThan(5);
  expect(found.get("kind=claim verdict=contradicted model=one")).toBeLessThan(40);
});

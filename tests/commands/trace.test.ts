import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { soundings } from "../support/cli.ts";
import { realModel } from "../support/real-model.ts";
import { maxDifference, safetensors } from "../support/tensors.ts";

const folder = mkdtempSync(join(tmpdir(), "trace-"));
const tiny = ["--checkpoint", "tests/golden/tiny/llama-gqa-tied"];
const trace = (...args: string[]) => soundings(["trace", ...args]);

describe("trace", () => {
  it("writes the points asked for, named and shaped as TransformerLens has them, and nothing on standard output", async () => {
    await realModel();
    const out = join(folder, "real.safetensors");
    const prompt = "The ferry tied up at the river bank just before the storm.";
    const points = "logits,blocks.3.hook_resid_post,blocks.*.attn.hook_pattern";
    const ran = await trace("--model", "smollm2-135m", "--prompt", prompt, "--points", points, "--out", out);
    expect(ran).toMatchObject({ code: 0, stdout: "" });
    const tensors = safetensors(out);
    expect(tensors.size).toBe(32);
    expect(tensors.get("logits")!.shape).toEqual([1, 13, 49152]);
    expect(tensors.get("blocks.3.hook_resid_post")!.shape).toEqual([1, 13, 576]);
    expect(tensors.get("blocks.29.attn.hook_pattern")!.shape).toEqual([1, 9, 13, 13]);
    const golden = safetensors("tests/golden/smollm2/full.safetensors");
    expect(maxDifference(tensors.get("logits")!.data, golden.get("logits")!.data)).toBeLessThanOrEqual(1e-4);
    const file = readFileSync(out);
    const { __metadata__ } = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString());
    expect(__metadata__).toMatchObject({
      prompt,
      model: "smollm2-135m",
      weights_sha256: expect.stringMatching(/^b179c9523d0e/),
    });
    expect(JSON.parse(__metadata__.ids)).toHaveLength(13);
  });

  it("takes ids as they are: the tiny checkpoint's logits are the reference's", async () => {
    const out = join(folder, "tiny.safetensors");
    const reference = JSON.parse(readFileSync("tests/golden/tiny/llama-gqa-tied/reference.json", "utf8"));
    const ran = await trace(...tiny, "--ids", reference.input_ids[1].join(), "--points", "*", "--out", out);
    expect(ran.code).toBe(0);
    const tensors = safetensors(out);
    expect(maxDifference(tensors.get("logits")!.data, reference.logits[1].flat())).toBeLessThanOrEqual(1e-4);
    expect(tensors.size).toBe(67);
  });

  it.each([
    [["--model", "smollm", "--prompt", "a", "--points", "logits"], 1, /no model "smollm".*smollm2-135m/],
    [[...tiny, "--ids", "1,x", "--points", "logits"], 2, /"x" is no token id/],
    [[...tiny, "--ids", "1,257", "--points", "logits"], 1, /token id 257; ids run from 0 to 256/],
    [[...tiny, "--ids", "1", "--points", "blocks.1.hook_residpost"], 2, /nearest is "blocks\.1\.hook_resid_post"/],
    [[...tiny, "--ids", "1", "--prompt", "a", "--points", "logits"], 2, /either --prompt or --ids/],
    [[...tiny, "--prompt", "a", "--points", "logits"], 1, /has no tokenizer/],
    [[...tiny, "--ids", "1"], 2, /--points/],
  ])("%j ends with one error", async (args, code, message) => {
    const out = join(folder, "none.safetensors");
    const ran = await trace(...args, "--out", out);
    expect(ran.code).toBe(code);
    expect(ran.stdout).toBe("");
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it("a place that can't be written is named, and nothing half-written stays", async () => {
    const ran = await trace(
      ...tiny,
      "--ids",
      "1",
      "--points",
      "logits",
      "--out",
      join(folder, "missing", "a.safetensors"),
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/could not be written/);
  });
});

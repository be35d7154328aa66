import { describe, expect, it } from "vitest";
import { matchPoints, splitGlobs } from "../../../pipeline/engine/points/match.ts";

const points = [
  "hook_embed",
  "blocks.0.hook_resid_pre",
  "blocks.0.attn.hook_pattern",
  "blocks.0.hook_mlp_out",
  "blocks.10.hook_mlp_out",
  "logits",
];

describe("globs of points", () => {
  it("a star stands for any characters, dots too; order is that of computation", () => {
    expect(matchPoints("*hook_pattern", points)).toEqual(["blocks.0.attn.hook_pattern"]);
    expect(matchPoints("blocks.*.hook_mlp_out", points)).toEqual(["blocks.0.hook_mlp_out", "blocks.10.hook_mlp_out"]);
    expect(matchPoints("blocks.?.hook_{mlp_out,resid_pre}", points)).toEqual([
      "blocks.0.hook_resid_pre",
      "blocks.0.hook_mlp_out",
    ]);
    expect(matchPoints("*", points)).toEqual(points);
  });
  it("commas part globs, but not inside braces", () => {
    expect(splitGlobs("logits, blocks.0.hook_{a,b},")).toEqual(["logits", "blocks.0.hook_{a,b}"]);
  });
  it("a name that isn't there is answered with the nearest", () => {
    expect(() => matchPoints("blocks.0.hook_mlpout", points)).toThrow(/"blocks\.0\.hook_mlp_out"/);
  });
});

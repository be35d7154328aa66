import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { ggmlTypes } from "../../../pipeline/engine/formats/ggml-types.ts";
import { dequantize } from "../../../pipeline/engine/formats/quants.ts";

const golden = z
  .record(z.string(), z.object({ bytes: z.string(), values: z.array(z.number()) }))
  .parse(JSON.parse(readFileSync(new URL("../../golden/gguf-quants.json", import.meta.url), "utf8")));
const types = [...ggmlTypes.values()].filter((type) => type.name !== "F32");

test("the golden covers every type that can be read, F32 apart", () => {
  expect(Object.keys(golden).sort()).toEqual(types.map((type) => type.name).sort());
});

test.each(types.map((type) => [type.name, type] as const))(
  "%s blocks stand for the reference's values",
  (name, type) => {
    const { bytes, values } = golden[name]!;
    const raw = Buffer.from(bytes, "base64");
    expect((raw.length / type.bytes) * type.block).toBe(values.length);
    const out = new Float32Array(values.length);
    dequantize[name](raw, out);
    for (const [i, value] of values.entries()) {
      expect(Math.abs(out[i]! - value), `${name}[${i}]`).toBeLessThanOrEqual(1e-6 * Math.abs(value));
    }
  },
);

test("F32 is copied from any alignment", () => {
  const values = Float32Array.from([1.5, -2.25, 3e-38]);
  const shifted = new Uint8Array(13);
  shifted.set(new Uint8Array(values.buffer), 1);
  const out = new Float32Array(3);
  dequantize.F32(shifted.subarray(1), out);
  expect(out).toEqual(values);
});

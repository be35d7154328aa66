import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import { expect, test } from "vitest";
import { bytesSource } from "../../../pipeline/engine/formats/byte-source.ts";
import { FormatError } from "../../../pipeline/engine/formats/format-error.ts";
import { readGgufHeader } from "../../../pipeline/engine/formats/gguf-header.ts";
import { fileSource } from "../../../pipeline/models/file-source.ts";
import { buildGguf, type GgufTensorInput, type MetaValue } from "../../support/gguf-builder.ts";
import { realModel } from "../../support/real-model.ts";

test("the real model's header says what Hugging Face's own parser reads in it", async () => {
  const path = realModel();
  const source = await fileSource(path);
  const ours = await readGgufHeader(source);
  await source.close?.();
  const theirs = await gguf(path, { allowLocalFile: true });
  expect(ours.version).toBe(theirs.metadata.version);
  expect([...ours.tensors.values()].map(({ name, shape, type, offset }) => [name, shape, type.name, offset])).toEqual(
    theirs.tensorInfos.map(({ name, shape, dtype, offset }) => [
      name,
      shape.map(Number).reverse(),
      GGMLQuantizationType[dtype],
      Number(theirs.tensorDataOffset + offset),
    ]),
  );
  const { version, tensor_count, kv_count, ...metadata } = theirs.metadata;
  expect(Number(tensor_count)).toBe(ours.tensors.size);
  expect(Number(kv_count)).toBe(ours.metadata.size);
  for (const [key, value] of Object.entries(metadata)) {
    const found = ours.metadata.get(key);
    expect(found !== null && typeof found === "object" ? Array.from<unknown>(found) : found, key).toEqual(value);
  }
});

const f32 = (name: string, more: Partial<GgufTensorInput> = {}): GgufTensorInput => ({
  name,
  shape: [2, 4],
  type: 0,
  bytes: new Uint8Array(32),
  ...more,
});
const key: [string, MetaValue] = ["a", { type: "u32", value: 1 }];
const good = buildGguf([key], [f32("t"), f32("u")]);

/** A copy with a 32-bit value written at an offset. */
function altered(offset: number, value: number): Uint8Array {
  const bytes = good.slice();
  new DataView(bytes.buffer).setUint32(offset, value, true);
  return bytes;
}

test("versions 2 and 3 are read, a tensor's axes outermost first", async () => {
  for (const version of [2, 3]) {
    const header = await readGgufHeader(bytesSource("f", buildGguf([key], [f32("t")], version)));
    expect(header.tensors.get("t")).toMatchObject({ shape: [2, 4], bytes: 32 });
    expect(header.metadata.get("a")).toBe(1);
  }
});

test.each<[string, Uint8Array, string, string]>([
  ["another magic", altered(0, 0x04034b50), "magic", "0x04034b50"],
  ["an empty file", new Uint8Array(0), "magic", "end of the file after 0 bytes"],
  ["version 1", altered(4, 1), "version", "found 1"],
  ["a big-endian file", altered(4, 0x03000000), "version", "big-endian"],
  ["more tensors than the file could hold", altered(8, 1e9), "counts", "1000000000 tensors"],
  ["a count beyond 2⁵³", altered(12, 0xffffffff), "tensor count", "18446744069414584322"],
  ["a key given twice", buildGguf([key, key], []), 'metadata "a"', "it twice"],
  ["a metadata type that isn't there", altered(24 + 9, 77), 'metadata "a"', "metadata type 77"],
  ["a tensor given twice", buildGguf([], [f32("t"), f32("t")]), 'tensor "t"', "it twice"],
  ["an unknown type", buildGguf([], [f32("t", { type: 99 })]), 'tensor "t" type', "GGML type 99"],
  ["five axes", buildGguf([], [f32("t", { shape: [1, 1, 1, 1, 8] })]), 'tensor "t" rank', "found 5"],
  ["an axis of nothing", buildGguf([], [f32("t", { shape: [0, 4] })]), 'tensor "t" shape', "[0, 4]"],
  [
    "sizes whose product overflows",
    buildGguf([], [f32("t", { shape: [2 ** 40, 2 ** 40] })]),
    'tensor "t" shape',
    "1099511627776",
  ],
  [
    "a row of half a block",
    buildGguf([], [f32("t", { shape: [1, 48], type: 8, bytes: new Uint8Array(51) })]),
    'tensor "t" rows',
    "48 values",
  ],
  ["an offset past the end", buildGguf([], [f32("t", { offset: 3200 })]), 'tensor "t"', "inside the file's"],
  ["an offset off the alignment", buildGguf([], [f32("t", { offset: 7 })]), 'tensor "t" offset', "multiple of 32"],
  [
    "two tensors on the same bytes",
    buildGguf([], [f32("t"), f32("u", { offset: 0 })]),
    'tensor "u" offset',
    'inside "t"',
  ],
  [
    "an odd alignment",
    buildGguf([["general.alignment", { type: "u32", value: 3 }]], []),
    "general.alignment",
    "found 3",
  ],
])("%s is one error that names file, field, found and expected", async (_, bytes, field, found) => {
  const error = await readGgufHeader(bytesSource("f.gguf", bytes)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FormatError);
  if (!(error instanceof FormatError)) return;
  expect(error.message).toMatch(/^f\.gguf: .*: found .*, expected /);
  expect(error.fault.field).toBe(field);
  expect(error.message).toContain(found);
});

test("a file cut anywhere is refused", async () => {
  for (let length = 0; length < good.length; length++)
    await expect(readGgufHeader(bytesSource("f", good.subarray(0, length))), `${length} bytes`).rejects.toBeInstanceOf(
      FormatError,
    );
});

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type ByteSource, bytesSource } from "../../../pipeline/engine/formats/byte-source.ts";
import { FormatError } from "../../../pipeline/engine/formats/format-error.ts";
import { openGguf } from "../../../pipeline/engine/formats/gguf-checkpoint.ts";
import { ggufTokenizer } from "../../../pipeline/engine/formats/gguf-tokenizer.ts";
import { openSafetensors } from "../../../pipeline/engine/formats/safetensors-checkpoint.ts";
import { tinyGguf, tinyHub } from "../../support/tiny-gguf.ts";

const RUNS = 2_000;
let gguf: Uint8Array;
let hub: { bytes: Uint8Array; config: string };

beforeAll(async () => {
  gguf = await tinyGguf("llama-gqa-tied");
  hub = tinyHub("llama-untied");
});

/** One thing done to a file. Places are shares of the part that matters, so that most hit the header. */
const mutation = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("byte" as const), at: fc.nat(1e6), value: fc.nat(255) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("word" as const),
      at: fc.nat(1e6),
      value: fc.constantFrom(0n, 1n, 255n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), at: fc.nat(1e6) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("drop" as const),
      at: fc.nat(1e6),
      length: fc.integer({ min: 1, max: 64 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("repeat" as const),
      at: fc.nat(1e6),
      length: fc.integer({ min: 1, max: 64 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("noise" as const),
      at: fc.nat(1e6),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
    }),
  },
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(file: Uint8Array, mutations: readonly Mutation[], reach: number): Uint8Array {
  let bytes: Uint8Array = file.slice();
  for (const mutated of mutations) {
    const at = Math.floor((mutated.at / 1e6) * Math.min(reach, bytes.length));
    if (mutated.kind === "byte" && at < bytes.length) bytes[at] = mutated.value;
    else if (mutated.kind === "word" && at + 8 <= bytes.length)
      new DataView(bytes.buffer).setBigUint64(at, mutated.value, true);
    else if (mutated.kind === "cut") bytes = bytes.slice(0, at);
    else if (mutated.kind === "drop") bytes = joined(bytes.subarray(0, at), bytes.subarray(at + mutated.length));
    else if (mutated.kind === "repeat") bytes = joined(bytes.subarray(0, at + mutated.length), bytes.subarray(at));
    else if (mutated.kind === "noise") bytes = joined(bytes.subarray(0, at), mutated.bytes, bytes.subarray(at));
  }
  return bytes;
}

function joined(...pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** The source, counting what is asked of it: nobody may ask for bytes that aren't there, or for the file many times over. */
function counted(bytes: Uint8Array): ByteSource & { asked: number } {
  const source = bytesSource("fuzz", bytes);
  return {
    ...source,
    asked: 0,
    read(offset, length) {
      expect(offset + length).toBeLessThanOrEqual(bytes.length);
      this.asked += length;
      return source.read(offset, length);
    },
  };
}

/** Resolves to whether the reading was refused; any error but `FormatError` fails the test. */
async function refused(reading: () => Promise<void>): Promise<boolean> {
  try {
    await reading();
    return false;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.message.length).toBeLessThan(1000);
    return true;
  }
}

async function fuzz(file: Uint8Array, reach: number, read: (source: ByteSource) => Promise<void>): Promise<number> {
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const source = counted(mutate(file, mutations, reach));
      if (await refused(() => read(source))) refusals++;
      expect(source.asked).toBeLessThanOrEqual(4 * Math.max(source.size, 64));
    }),
    { numRuns: RUNS, seed: 20261122 },
  );
  return refusals;
}

async function readEverything(
  checkpoint: Awaited<ReturnType<typeof openGguf>> | Awaited<ReturnType<typeof openSafetensors>>,
) {
  for (const [name, { shape }] of checkpoint.tensors) {
    const values = await checkpoint.read(name);
    expect(values.length).toBe(shape.reduce((product, extent) => product * extent, 1));
    expect(values.every(Number.isFinite)).toBe(true);
  }
}

test(`${RUNS} mutated GGUF files are read whole or refused`, async () => {
  // the header of the tiny file, metadata and tokenizer included, is its first 10 KB
  const refusals = await fuzz(gguf, 10_000, async (source) => {
    const checkpoint = await openGguf(source);
    await readEverything(checkpoint);
    const tokenizer = ggufTokenizer(source.name, checkpoint.header);
    const ids = tokenizer.encode("The tide, 12 m.");
    expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < tokenizer.vocabularySize)).toBe(true);
  });
  expect(refusals).toBeGreaterThan(RUNS / 2);
});

test(`${RUNS} mutated safetensors files are read whole or refused`, async () => {
  const refusals = await fuzz(hub.bytes, 2_500, async (source) =>
    readEverything(await openSafetensors(source, hub.config)),
  );
  expect(refusals).toBeGreaterThan(RUNS / 2);
});

test(`${RUNS} mutated configurations are read whole or refused`, async () => {
  const config = new TextEncoder().encode(hub.config);
  await fuzz(config, config.length, async (source) => {
    const text = new TextDecoder().decode(await source.read(0, source.size));
    await readEverything(await openSafetensors(bytesSource("m", hub.bytes), text));
  });
});

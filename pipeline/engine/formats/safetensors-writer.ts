/** A tensor to write: float32, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The bytes of a safetensors file of F32 tensors, in pieces to write one after another: the header, padded so that the
 * data starts at a multiple of 8, then each tensor. Throws on a name given twice, or data that isn't of its shape.
 */
export function* safetensorsPieces(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  const names = new Set(["__metadata__"]);
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) throw new Error(`cannot write tensor "${name}": the name is taken`);
    names.add(name);
    const values = shape.reduce((product, extent) => product * extent, 1);
    if (values !== data.length)
      throw new Error(
        `cannot write tensor "${name}": ${data.length} values, its shape [${shape.join(", ")}] has ${values}`,
      );
    entries.push([name, { dtype: "F32", shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(header.length / 8) * 8;
  const start = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
  start.set(header, 8);
  yield start;
  for (const { data } of tensors) yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

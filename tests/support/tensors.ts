import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** The float32 tensors of a small safetensors file, by name, read apart from the project's own reader. */
export function safetensors(path: string): Map<string, { shape: number[]; data: Float32Array }> {
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const header: Record<string, { shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    file.subarray(8, 8 + length).toString("utf8"),
  );
  delete header.__metadata__;
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => [
        name,
        { shape, data: new Float32Array(Uint8Array.from(file.subarray(8 + length + from, 8 + length + to)).buffer) },
      ],
    ),
  );
}

export const norm = (values: ArrayLike<number>): number => Math.sqrt(dot(values, values));

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Largest |a − b|. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** Row `i` of the last axis. */
export const row = (data: Float32Array, width: number, i: number): Float32Array =>
  data.subarray(i * width, (i + 1) * width);

export const floats = (tensor: { data: ArrayLike<number> | ArrayLike<bigint> } | undefined): Float32Array => {
  expect(tensor?.data).toBeInstanceOf(Float32Array);
  return tensor!.data as Float32Array;
};

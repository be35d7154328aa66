import { fromBfloat16, fromFloat16, fromFloat32, halfTable } from "./float16.ts";
import type { GgmlTypeName } from "./ggml-types.ts";
import { q2k, q3k, q4k, q5k, q6k } from "./k-quants.ts";

/**
 * What the bytes of a GGML type stand for, as float32. `out` has exactly the values that `bytes` hold.
 * Block layouts: ggml-quants.c of ggml (`dequantize_row_*`).
 */
export type Dequantize = (bytes: Uint8Array, out: Float32Array) => void;

/** d · (q − 8); 32 values: half d, 16 bytes of nibbles, low nibbles first. */
const q4_0: Dequantize = (bytes, out) => {
  const half = halfTable();
  for (let at = 0, to = 0; to < out.length; at += 18, to += 32) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 2 + j]!;
      out[to + j] = d * ((pair & 15) - 8);
      out[to + 16 + j] = d * ((pair >> 4) - 8);
    }
  }
};

/** d · q + m; 32 values: halves d and m, 16 bytes of nibbles. */
const q4_1: Dequantize = (bytes, out) => {
  const half = halfTable();
  for (let at = 0, to = 0; to < out.length; at += 20, to += 32) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const m = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 4 + j]!;
      out[to + j] = d * (pair & 15) + m;
      out[to + 16 + j] = d * (pair >> 4) + m;
    }
  }
};

/** d · (q − 16); 32 values: half d, 32 fifth bits, 16 bytes of nibbles. */
const q5_0: Dequantize = (bytes, out) => {
  const half = halfTable();
  for (let at = 0, to = 0; to < out.length; at += 22, to += 32) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 6 + j]!;
      out[to + j] = d * (((pair & 15) | fifth(bytes, at + 2, j)) - 16);
      out[to + 16 + j] = d * (((pair >> 4) | fifth(bytes, at + 2, j + 16)) - 16);
    }
  }
};

/** d · q + m; 32 values: halves d and m, 32 fifth bits, 16 bytes of nibbles. */
const q5_1: Dequantize = (bytes, out) => {
  const half = halfTable();
  for (let at = 0, to = 0; to < out.length; at += 24, to += 32) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const m = half[bytes[at + 2]! | (bytes[at + 3]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[at + 8 + j]!;
      out[to + j] = d * ((pair & 15) | fifth(bytes, at + 4, j)) + m;
      out[to + 16 + j] = d * ((pair >> 4) | fifth(bytes, at + 4, j + 16)) + m;
    }
  }
};

/** The fifth bit of value `j`, in its place. */
function fifth(bytes: Uint8Array, at: number, j: number): number {
  return ((bytes[at + (j >> 3)]! >> (j & 7)) & 1) << 4;
}

/** d · q; 32 values: half d, 32 signed bytes. */
const q8_0: Dequantize = (bytes, out) => {
  const half = halfTable();
  for (let at = 0, to = 0; to < out.length; at += 34, to += 32) {
    const d = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    for (let j = 0; j < 32; j++) out[to + j] = d * ((bytes[at + 2 + j]! << 24) >> 24);
  }
};

export const dequantize: Readonly<Record<GgmlTypeName, Dequantize>> = {
  F32: fromFloat32,
  F16: fromFloat16,
  BF16: fromBfloat16,
  Q4_0: q4_0,
  Q4_1: q4_1,
  Q5_0: q5_0,
  Q5_1: q5_1,
  Q8_0: q8_0,
  Q2_K: q2k,
  Q3_K: q3k,
  Q4_K: q4k,
  Q5_K: q5k,
  Q6_K: q6k,
};

import { halfTable } from "./float16.ts";

/**
 * GGML's K-quants: super-blocks of 256 values with quantised scales. Layouts: `block_q*_K` of ggml-common.h,
 * arithmetic: `dequantize_row_q*_K` of ggml-quants.c.
 */

const half = (bytes: Uint8Array, at: number): number => halfTable()[bytes[at]! | (bytes[at + 1]! << 8)]!;

/** 16 scales and minima of 4 bits, 64 bytes of 2-bit values, halves d and dmin. */
export function q2k(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 84, to += 256) {
    const d = half(bytes, at + 80);
    const dmin = half(bytes, at + 82);
    for (let i = 0; i < 256; i++) {
      const scale = bytes[at + (i >> 4)]!;
      const q = (bytes[at + 16 + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3;
      out[to + i] = d * (scale & 15) * q - dmin * (scale >> 4);
    }
  }
}

/** 32 bytes of third bits (0 subtracts 4), 64 bytes of 2-bit values, 16 scales of 6 bits in 12 bytes, half d. */
export function q3k(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 110, to += 256) {
    const d = half(bytes, at + 108);
    for (let i = 0; i < 256; i++) {
      const j = i >> 4;
      const low = (bytes[at + 96 + (j & 7)]! >> (j < 8 ? 0 : 4)) & 15;
      const high = (bytes[at + 104 + (j & 3)]! >> (2 * (j >> 2))) & 3;
      const scale = (low | (high << 4)) - 32;
      const q = (bytes[at + 32 + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3;
      const third = (bytes[at + (i & 31)]! >> (i >> 5)) & 1;
      out[to + i] = d * scale * (q - (third ? 0 : 4));
    }
  }
}

/** Scale and minimum `j` of 8, 6 bits each, packed in 12 bytes (`get_scale_min_k4`). */
function scaleAndMin(bytes: Uint8Array, at: number, j: number): readonly [number, number] {
  if (j < 4) return [bytes[at + j]! & 63, bytes[at + j + 4]! & 63];
  return [
    (bytes[at + j + 4]! & 15) | ((bytes[at + j - 4]! >> 6) << 4),
    (bytes[at + j + 4]! >> 4) | ((bytes[at + j]! >> 6) << 4),
  ];
}

/** Halves d and dmin, 8 scales and minima in 12 bytes, 128 bytes of nibbles. */
export function q4k(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 144, to += 256) {
    const d = half(bytes, at);
    const dmin = half(bytes, at + 2);
    for (let j = 0; j < 8; j++) {
      const [scale, min] = scaleAndMin(bytes, at + 4, j);
      for (let k = 0; k < 32; k++) {
        const q = (bytes[at + 16 + 32 * (j >> 1) + k]! >> (4 * (j & 1))) & 15;
        out[to + 32 * j + k] = d * scale * q - dmin * min;
      }
    }
  }
}

/** As q4k, with 32 bytes of fifth bits before the nibbles. */
export function q5k(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 176, to += 256) {
    const d = half(bytes, at);
    const dmin = half(bytes, at + 2);
    for (let j = 0; j < 8; j++) {
      const [scale, min] = scaleAndMin(bytes, at + 4, j);
      for (let k = 0; k < 32; k++) {
        const low = (bytes[at + 48 + 32 * (j >> 1) + k]! >> (4 * (j & 1))) & 15;
        const q = low | (((bytes[at + 16 + k]! >> j) & 1) << 4);
        out[to + 32 * j + k] = d * scale * q - dmin * min;
      }
    }
  }
}

/** 128 bytes of low nibbles, 64 bytes of upper 2 bits, 16 signed scales, half d. */
export function q6k(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 210, to += 256) {
    const d = half(bytes, at + 208);
    for (let i = 0; i < 256; i++) {
      const inHalf = i & 127;
      const low = (bytes[at + 64 * (i >> 7) + (inHalf & 63)]! >> (inHalf < 64 ? 0 : 4)) & 15;
      const high = (bytes[at + 128 + 32 * (i >> 7) + (inHalf & 31)]! >> (2 * (inHalf >> 5))) & 3;
      const scale = (bytes[at + 192 + (i >> 4)]! << 24) >> 24;
      out[to + i] = d * scale * ((low | (high << 4)) - 32);
    }
  }
}

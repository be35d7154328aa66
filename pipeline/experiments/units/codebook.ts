import { random } from "../../statistics/random.ts";
import type { ReadPassage } from "./passage-positions.ts";
import type { WordVectors } from "./word-vectors.ts";

/** Vectors of contexts that no model had a part in: [positions × dimensions], length 1 each, or 0 where nothing is known. */
export interface Contexts {
  readonly vectors: Float32Array;
  readonly dimensions: number;
}

/**
 * What stands at each position, and what it stands after: the word's vector and that of the mean of the words before it,
 * both of length 1, added up and brought to length 1. A word without a vector leaves the other part alone.
 */
export function contextsOf(passages: readonly ReadPassage[], vectorOf: WordVectors, dimensions: number): Contexts {
  const places = passages.flatMap((passage) => passage.places);
  const vectors = new Float32Array(places.length * dimensions);
  places.forEach(({ word, before }, i) => {
    const into = vectors.subarray(i * dimensions, (i + 1) * dimensions);
    for (const other of before) add(into, vectorOf(other));
    normalize(into);
    add(into, vectorOf(word));
    normalize(into);
  });
  return { vectors, dimensions };
}

/**
 * Cluster of each position, −1 where nothing is known of it: spherical k-means (Dhillon & Modha 2001) on a sample of the
 * positions, started from far-apart ones (k-means++), the others then put with the nearest centre.
 */
export function codebook({ vectors, dimensions }: Contexts, k: number, seed: number): Int16Array {
  const generator = random(seed);
  const count = vectors.length / dimensions;
  const known = Array.from({ length: count }, (_, i) => i).filter((i) => isKnown(vectors, i, dimensions));
  const sample = generator.shuffle(known).slice(0, Math.min(known.length, SAMPLE_PER_CENTRE * k));
  let centres = farApart(vectors, dimensions, sample, k, generator.uniform);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float32Array(k * dimensions);
    for (const i of sample) {
      const { cluster } = nearest(vectors, i, centres, dimensions, k);
      for (let j = 0; j < dimensions; j++) sums[cluster * dimensions + j]! += vectors[i * dimensions + j]!;
    }
    for (let c = 0; c < k; c++) {
      const centre = sums.subarray(c * dimensions, (c + 1) * dimensions);
      // A cluster that lost all its members keeps its place.
      if (!normalize(centre)) centre.set(centres.subarray(c * dimensions, (c + 1) * dimensions));
    }
    centres = sums;
  }
  const clusters = new Int16Array(count).fill(-1);
  for (const i of known) clusters[i] = nearest(vectors, i, centres, dimensions, k).cluster;
  return clusters;
}

const SAMPLE_PER_CENTRE = 120;
const ROUNDS = 12;

function farApart(vectors: Float32Array, width: number, sample: readonly number[], k: number, uniform: () => number) {
  const centres = new Float32Array(k * width);
  const far = new Float64Array(sample.length).fill(Number.POSITIVE_INFINITY);
  let next = Math.floor(uniform() * sample.length);
  for (let c = 0; c < k; c++) {
    const at = sample[next]! * width;
    centres.set(vectors.subarray(at, at + width), c * width);
    let total = 0;
    sample.forEach((i, s) => {
      let dot = 0;
      for (let j = 0; j < width; j++) dot += vectors[i * width + j]! * vectors[at + j]!;
      far[s] = Math.min(far[s]!, Math.max(0, 1 - dot));
      total += far[s]!;
    });
    let left = uniform() * total;
    next = far.findIndex((distance) => {
      left -= distance;
      return left < 0;
    });
    if (next < 0) next = sample.length - 1;
  }
  return centres;
}

function nearest(vectors: Float32Array, i: number, centres: Float32Array, width: number, k: number) {
  let cluster = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < k; c++) {
    let dot = 0;
    for (let j = 0; j < width; j++) dot += vectors[i * width + j]! * centres[c * width + j]!;
    if (dot > highest) [cluster, highest] = [c, dot];
  }
  return { cluster };
}

function isKnown(vectors: Float32Array, i: number, width: number): boolean {
  for (let j = i * width; j < (i + 1) * width; j++) if (vectors[j] !== 0) return true;
  return false;
}

function add(to: Float32Array, from: Float32Array | undefined): void {
  if (from) for (let j = 0; j < to.length; j++) to[j]! += from[j]!;
}

function normalize(vector: Float32Array): boolean {
  let squares = 0;
  for (const x of vector) squares += x * x;
  if (squares === 0) return false;
  const scale = 1 / Math.sqrt(squares);
  for (let j = 0; j < vector.length; j++) vector[j]! *= scale;
  return true;
}

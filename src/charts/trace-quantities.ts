import type { Trace } from "../../pipeline/artifacts/schema.ts";
import { fixed, significant } from "../facts/numbers.ts";

/** What a cell of a trace's heat map can show. Depth k is read after block k − 1; a block's writes stand at the depth they lead to. */
export interface TraceQuantity {
  id: string;
  label: string;
  unit: string;
  /** What the number is and what a deep ground means, for the key below the map. */
  about: string;
  /** The number behind the ground; null where there is none. */
  value(trace: Trace, depth: number, token: number): number | null;
  /** The number as the cell shows it; the default quantity shows its token instead. */
  text(value: number): string;
  /** Share of the full ground for a number, given the scale of the map. */
  ground(value: number, scale: number): number;
}

const linear = (value: number, scale: number) => value / scale;

export const QUANTITIES: readonly TraceQuantity[] = [
  {
    id: "top",
    label: "Top token",
    unit: "",
    about: "The likeliest next token if the model stopped at this depth. Ground: its probability.",
    value: (trace, depth, token) => trace.top[depth]?.[token]?.[0]?.[1] ?? null,
    text: (value) => fixed(value, 2),
    ground: (value) => value,
  },
  {
    id: "kl",
    label: "KL to the end",
    unit: "nats",
    about: "How far the prediction read here is from the final one. Ground: the deeper, the farther.",
    value: (trace, depth, token) => trace.kl[depth]?.[token] ?? null,
    text: (value) => fixed(value, 1),
    ground: linear,
  },
  {
    id: "entropy",
    label: "Entropy",
    unit: "nats",
    about: "How undecided the prediction read here is. Ground: the deeper, the less decided.",
    value: (trace, depth, token) => trace.entropy[depth]?.[token] ?? null,
    text: (value) => fixed(value, 1),
    ground: linear,
  },
  {
    id: "rank",
    label: "Rank of the next token",
    unit: "",
    about:
      "How many tokens stand before the one that follows in the text; 0 is first. Ground: the deeper, the nearer to first.",
    value: (trace, depth, token) => trace.rank[depth]?.[token] ?? null,
    text: (value) => (value < 10_000 ? String(value) : `${significant(value / 1000, 2)}k`),
    ground: (value) => Math.max(0, 1 - Math.log10(value + 1) / 4),
  },
  {
    id: "attention",
    label: "Attention write",
    unit: "share",
    about:
      "Size of what attention added in the block that leads here, as a share of the stream before it. Ground: the deeper, the larger.",
    value: (trace, depth, token) => trace.writes.attention[depth - 1]?.[token] ?? null,
    text: (value) => fixed(value, 2),
    ground: linear,
  },
  {
    id: "mlp",
    label: "MLP write",
    unit: "share",
    about:
      "Size of what the MLP added in the block that leads here, as a share of the stream before it. Ground: the deeper, the larger.",
    value: (trace, depth, token) => trace.writes.mlp[depth - 1]?.[token] ?? null,
    text: (value) => fixed(value, 2),
    ground: linear,
  },
];

/** Number of grounds; `g0` is the paper, `g16` the fullest. Classes, since the content-security policy allows no inline style. */
export const GROUNDS = 16;

/** `g0` … `g16` for each [depth][token]: the scale is the 97th percentile, so that one huge cell doesn't empty the rest. */
export function groundsOf(trace: Trace, quantity: TraceQuantity): string[][] {
  const values = trace.kl.map((row, depth) => row.map((_, token) => quantity.value(trace, depth, token)));
  const scale = scaleOf(values.flat());
  return values.map((row) => row.map((value) => `g${value === null ? 0 : step(quantity.ground(value, scale))}`));
}

export function scaleOf(values: readonly (number | null)[]): number {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.floor(0.97 * (sorted.length - 1))] || 1;
}

const step = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * GROUNDS);

export interface Candidate {
  token: string;
  probability: number;
  /** It is the token that follows in the text. */
  follows: boolean;
}

/** The most probable tokens at a cell. Throws when the vocabulary lacks one of them. */
export function candidatesAt(trace: Trace, depth: number, token: number): Candidate[] {
  return (trace.top[depth]?.[token] ?? []).map(([id, probability]) => ({
    token: wordOf(trace, id),
    probability,
    follows: id === trace.next[token],
  }));
}

export function wordOf(trace: Trace, id: number): string {
  const word = trace.vocabulary[String(id)];
  if (word === undefined) throw new Error(`The trace "${trace.id}" names token ${id}, which its vocabulary lacks.`);
  return word;
}

/** A probability that rounds to neither 0 nor 1 when it is neither. */
export const probabilityText = (p: number): string =>
  p < 0.001 ? "< 0.001" : p > 0.999 && p < 1 ? "> 0.999" : fixed(p, p < 0.1 ? 3 : 2);

/**
 * Weight of each key for one query, by head: [head][key], in shares; empty at the embedding, which no block leads to.
 * `bytes` are those of the trace's pattern: a triangle for each head. Throws when they are fewer or more.
 */
export function attentionAt(trace: Trace, bytes: Uint8Array, depth: number, query: number): number[][] {
  const { heads } = trace.attention;
  const triangle = (rows: number) => (rows * (rows + 1)) / 2;
  const size = triangle(trace.ids.length);
  const expected = trace.writes.attention.length * heads * size;
  if (bytes.length !== expected)
    throw new Error(
      `The trace "${trace.id}" holds ${bytes.length} attention weights; expected ${expected}. Measure it again.`,
    );
  if (depth === 0) return [];
  return Array.from({ length: heads }, (_, head) => {
    const from = ((depth - 1) * heads + head) * size + triangle(query);
    return Array.from(bytes.subarray(from, from + query + 1), (weight) => weight / 255);
  });
}

/** What a switch between quantities calls one: its name, and its unit where it has one of its own. */
export const labelOf = ({ label, unit }: TraceQuantity): string =>
  unit && unit !== "share" ? `${label} (${unit})` : label;

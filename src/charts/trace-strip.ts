import type { Trace } from "../../pipeline/artifacts/schema.ts";
import { attentionAt, candidatesAt, GROUNDS, groundsOf, QUANTITIES } from "./trace-quantities.ts";

/** What a strip can show of a trace: a quantity of the explorer's, or where the last token looks. */
export type Shown = "top" | "kl" | "entropy" | "rank" | "attention" | "mlp" | "looks";

/** Cells of one ground that stand under each other, in places of the strip. */
export interface Run {
  readonly token: number;
  readonly from: number;
  readonly depths: number;
  readonly ground: string;
}

export interface Strip {
  readonly runs: readonly Run[];
  readonly depths: number;
  /** What the ground means. */
  readonly about: string;
  /** What the drawing is of, for those who don't see it. */
  readonly title: string;
}

/** One prompt at every depth as grounds; `looks` shows where the last token looks, mean over heads, block by block. */
export function stripOf(trace: Trace, shown: Shown): Strip {
  const quantity = QUANTITIES.find(({ id }) => id === shown);
  const grounds = quantity ? groundsOf(trace, quantity) : looks(trace);
  return {
    depths: grounds.length,
    runs: trace.tokens.flatMap((_, token) => runsOf(grounds, token)),
    about:
      quantity?.about ??
      "How much of the last token’s attention each token gets, mean over heads, block by block. Ground: the deeper, the more.",
    title: quantity?.label ?? "Where the last token looks",
  };
}

function runsOf(grounds: readonly (readonly string[])[], token: number): Run[] {
  const runs: { token: number; from: number; depths: number; ground: string }[] = [];
  for (const [depth, row] of grounds.entries()) {
    const ground = row[token]!;
    const last = runs.at(-1);
    if (last?.ground === ground) last.depths++;
    else runs.push({ token, from: depth, depths: 1, ground });
  }
  return runs.filter(({ ground }) => ground !== "g0");
}

/** [block][token]: the mean over heads of the last token's attention, on the root of the scale, so that small shares show. */
function looks(trace: Trace): string[][] {
  const bytes = Uint8Array.from(atob(trace.attention.pattern), (letter) => letter.charCodeAt(0));
  return trace.writes.attention.map((_, block) => {
    const heads = attentionAt(trace, bytes, block + 1, trace.tokens.length - 1);
    return trace.tokens.map((_, key) => {
      const mean = heads.reduce((sum, weights) => sum + (weights[key] ?? 0), 0) / heads.length;
      return `g${Math.round(Math.sqrt(mean) * GROUNDS)}`;
    });
  });
}

/** What the model would have said at a few depths. */
export interface Reading {
  /** After this token. */
  readonly token: number;
  readonly said: readonly { readonly depth: number; readonly token: string }[];
}

/** A word that tells something: commas and articles are guessed right without any reading. */
const TELLING = /\p{L}{4}/u;

/**
 * The last place of a trace where the end gets a telling next word right (any next token, where it gets none), and what would
 * have been said there at five depths; the last token where it never is right.
 */
export function readingOf(trace: Trace): Reading {
  const end = trace.top.length - 1;
  const first = (depth: number, token: number) => candidatesAt(trace, depth, token)[0];
  const right = [...trace.tokens.keys()].filter((token) => first(end, token)?.follows);
  const telling = right.filter((token) => TELLING.test(trace.tokens[token + 1] ?? ""));
  const token = telling.at(-1) ?? right.at(-1) ?? trace.tokens.length - 1;
  const depths = [...new Set([0, 1, 2, 3, 4].map((k) => Math.round((k * end) / 4)))];
  return { token, said: depths.map((depth) => ({ depth, token: first(depth, token)?.token ?? "" })) };
}

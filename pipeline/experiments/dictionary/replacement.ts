import type { LanguageModel, RunRequest } from "../../engine/run/language-model.ts";
import { nextToken } from "../../engine/tails/next-token.ts";
import { nextTokens } from "../support/next-tokens.ts";
import type { Splice } from "./splice.ts";

/** How the model predicts one document's tokens under one condition. */
export interface LossRow {
  readonly document: number;
  readonly condition: string;
  /** Surprisal of the next token, nats, summed over the positions that count. */
  readonly surprisal: number;
  /** Positions at which the likeliest token is that of the model as it is. */
  readonly same: number;
  readonly positions: number;
}

/**
 * The model as it is (`clean`), and with each splice.
 * @param kept [documents][positions] whether a position is spliced and counts: no first one, no sink
 */
export async function replacementLosses(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  kept: readonly (readonly boolean[])[],
  splices: Readonly<Record<string, Splice>>,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<LossRow[]> {
  const conditions: [string, Splice | undefined][] = [["clean", undefined], ...Object.entries(splices)];
  const tops: BigInt64Array[] = [];
  const rows: LossRow[] = [];
  for (const [c, [condition, splice]] of conditions.entries()) {
    const request: RunRequest = {
      tails: [nextToken()],
      interventions: splice ? [splice.intervention] : [],
      feeds: (indices, tokens) => ({
        target: nextTokens(
          indices.map((i) => sequences[i]!),
          tokens,
        ),
        ...splice?.feeds,
        ...(splice && { [`${splice.intervention.name}.where`]: whereOf(indices, tokens, kept) }),
      }),
    };
    for await (const { indices, lengths, tokens, outputs } of model.run(sequences, request, signal)) {
      const logprob = outputs["next_token.logprob"]!.data as Float32Array;
      const top = outputs["next_token.top"]!.data as BigInt64Array;
      indices.forEach((document, r) => {
        const own = top.slice(r * tokens, r * tokens + lengths[r]!);
        if (!splice) tops[document] = own;
        let [surprisal, same, positions] = [0, 0, 0];
        // The last position's next token isn't there.
        for (let t = 0; t + 1 < lengths[r]!; t++) {
          if (!kept[document]![t]) continue;
          positions++;
          surprisal -= logprob[r * tokens + t]!;
          same += Number(own[t] === tops[document]![t]);
        }
        rows.push({ document, condition, surprisal, same, positions });
      });
    }
    progress((c + 1) / conditions.length);
  }
  return rows.sort((a, b) => a.condition.localeCompare(b.condition) || a.document - b.document);
}

function whereOf(indices: readonly number[], tokens: number, kept: readonly (readonly boolean[])[]) {
  const data = new Uint8Array(indices.length * tokens);
  for (const [r, document] of indices.entries())
    kept[document]!.forEach((keep, t) => {
      data[r * tokens + t] = Number(keep);
    });
  return { type: "bool" as const, shape: [indices.length, tokens], data };
}

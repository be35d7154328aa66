import type { Facts } from "./facts.ts";

/** Every claim with its verdict on each model, for programs. */
export const verdictRows = ({ claims }: Pick<Facts, "claims">) =>
  [...claims.values()].map(({ key, claim, models }) => ({
    claim: key,
    record: claim.record ?? null,
    statement: claim.statement,
    verdicts: Object.fromEntries(
      models.map(({ model, verdict, reasons }) => [
        model.id,
        {
          verdict,
          postHoc: reasons.some((r) => r.postHoc),
          predictions: reasons.map((r) => ({
            id: r.prediction.id,
            where: r.where,
            beyondControl: r.beyondControl,
            missing: r.missing,
          })),
        },
      ]),
    ),
  }));

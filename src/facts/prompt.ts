import { strongest } from "./claims.ts";
import type { LineFacts } from "./facts.ts";
import { written } from "./numbers.ts";

/** A prompt for finding newer work on a line's question; it carries the claims and their present verdicts. */
export function promptOf({ line, claims }: LineFacts): string {
  const stated = claims.map(({ claim, first }) => {
    const { for: pro, against } = strongest(first);
    const best = first.verdict === "contradicted" ? against : (pro ?? against);
    const figure = best?.estimate
      ? `; ${best.estimate.label}: ${written(best.estimate).text} ${best.estimate.unit}`.trimEnd()
      : "";
    return `- ${claim.statement} (${first.verdict} on ${first.model.data.title}${figure})`;
  });
  return [
    `Question: ${line.data.title}`,
    "",
    `What a small open model showed, as of ${line.data.date}:`,
    ...stated,
    "",
    "Find papers, preprints and careful posts that bear on these claims. For each: what exactly was measured, on which",
    "models, with which control, and whether it speaks for or against the claim as worded. Prefer work that measures over",
    "work that argues, say where a source only states something weaker or speaks of another object, and list the claims",
    "for which you found nothing.",
  ].join("\n");
}

/** Newest day on which one of a set of claims was measured; undefined when none was. */
export function measuredOn(dates: Iterable<string>): string | undefined {
  return [...dates].sort().at(-1);
}

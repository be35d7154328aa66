import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ModelCard } from "../artifacts/content/model-card.ts";
import { codeOf, ModelError } from "./errors.ts";

/** Where a person should look, by the key that it stands above. */
const remarks: Partial<Record<keyof ModelCard, string>> = {
  title: "What readers see it called.",
  about: "Complete it: who made it, from what and what for, and what became of it on its way here.",
  licence: "Look whether it is the weights' own.",
};
const ONLY_HERE = "Only this machine has it there: add a place that others can reach, above it.";

/** Writes a new card and returns its path. Throws `ModelError` where there is one already, or it would not be valid. */
export function writeCard(card: ModelCard, folder: string): string {
  const { success, error } = ModelCard.safeParse(card);
  if (!success) {
    const issues = error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ModelError(`no card can be made of it: ${issues.join("; ")}`);
  }
  const file = join(folder, `${card.id}.yaml`);
  try {
    writeFileSync(file, cardText(card), { flag: "wx" });
  } catch (failed) {
    if (codeOf(failed) === "EEXIST") throw new ModelError(`${file} is there already; nothing was changed`);
    // half a card would stop every command
    rmSync(file, { force: true });
    throw new ModelError(
      `${file} cannot be written (${codeOf(failed) ?? String(failed)}); the files that came are kept`,
    );
  }
  return file;
}

function cardText(card: ModelCard): string {
  const { default: _, ...written } = card;
  return Object.entries(written)
    .map(([key, value]) => {
      const onlyHere = key === "places" && card.places.every(({ kind }) => kind === "file");
      const remark = onlyHere ? ONLY_HERE : remarks[key as keyof ModelCard];
      return `${remark === undefined ? "" : `# ${remark}\n`}${stringify({ [key]: value }, { lineWidth: 120 })}`;
    })
    .join("");
}

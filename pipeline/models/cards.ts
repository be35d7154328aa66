import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { ModelCard } from "../artifacts/content/model-card.ts";
import { ModelError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** Where the cards of this repository are. */
export const CARDS = fileURLToPath(new URL("../../content/models/", import.meta.url));

/** Every model card, by id, the default one first. Throws `ModelError` for a card that isn't valid, with file and field. */
export function readCards(folder: string = CARDS): ReadonlyMap<string, ModelCard> {
  const cards = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => readCard(folder, file));
  cards.sort((a, b) => Number(b.default) - Number(a.default) || a.id.localeCompare(b.id));
  const defaults = cards.filter((card) => card.default);
  if (defaults.length !== 1)
    throw new ModelError(`content/models: found ${defaults.length} cards with \`default: true\`, expected exactly one`);
  return new Map(cards.map((card) => [card.id, card]));
}

/** The card of a model. Throws `ModelError` with the nearest id when there is none. */
export function cardOf(id: string, cards: ReadonlyMap<string, ModelCard> = readCards()): ModelCard {
  const card = cards.get(id);
  if (card !== undefined) return card;
  const near = nearest(id, cards.keys());
  throw new ModelError(
    `no model "${id}"${near === undefined ? "" : `; did you mean "${near}"?`} There are: ${[...cards.keys()].join(", ")}`,
  );
}

function readCard(folder: string, file: string): ModelCard {
  let content: unknown;
  try {
    content = parse(readFileSync(`${folder}/${file}`, "utf8"));
  } catch (error) {
    throw new ModelError(`content/models/${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { success, data, error } = ModelCard.safeParse(content);
  if (!success) {
    const issues = error.issues.map((issue) => `${issue.path.join(".") || "the card"}: ${issue.message}`);
    throw new ModelError(`content/models/${file}: ${issues.join("; ")}`);
  }
  if (`${data.id}.yaml` !== file)
    throw new ModelError(`content/models/${file}: id: found "${data.id}", expected "${file.slice(0, -5)}"`);
  return data;
}

import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ModelCard } from "../artifacts/content/model-card.ts";
import { isFull, writeDurably } from "../artifacts/durable.ts";
import type { TrainingRecipe } from "../artifacts/recipe.ts";
import type { Tensor } from "../engine/runtime.ts";
import { modelFolder, sha256Of } from "../models/cache.ts";
import { openCheckpoint, shapeOf } from "../models/open.ts";
import { float16File } from "./float16-file.ts";
import { configJson } from "./model-config.ts";

const FILES = ["config.json", "model.safetensors", "tokenizer.json"] as const;

/**
 * Writes a trained model as on the hub, its weights in float16, where its card will say that it is: a folder of the project
 * for the embedded one, else the cache. What stood there before goes only when all is written; on a full disk it stays.
 */
export function keepModel(
  recipe: TrainingRecipe,
  tokenizer: string,
  parameters: Readonly<Record<string, Tensor>>,
  folder: string = modelFolder(recipe),
): string {
  const part = `${folder}.part`;
  const texts = recipe.texts.map((text) => `${text.package} ${text.version}: ${text.licence}`);
  const contents: Record<(typeof FILES)[number], Uint8Array> = {
    "config.json": Buffer.from(configJson(recipe)),
    "model.safetensors": float16File(parameters, { format: "pt", licence: "MIT", texts: texts.join("\n") }),
    "tokenizer.json": Buffer.from(tokenizer),
  };
  try {
    rmSync(part, { recursive: true, force: true });
    for (const name of FILES) writeDurably(join(part, name), contents[name]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!isFull(error)) throw error;
    throw new Error(
      `No space left on the disk for the weights of ${recipe.id} in ${folder}. Its training is not lost: make room, then run the same command again.`,
      { cause: error },
    );
  }
  return folder;
}

/** The card of a model that was kept in a folder. */
export async function cardOfKept(recipe: TrainingRecipe, folder: string): Promise<ModelCard> {
  const { checkpoint } = await openCheckpoint(folder);
  try {
    const files = [];
    for (const name of FILES) {
      const path = join(folder, name);
      files.push({ name, bytes: statSync(path).size, sha256: await sha256Of(path) });
    }
    return ModelCard.parse({
      id: recipe.id,
      title: recipe.title,
      about: recipe.about,
      architecture: checkpoint.config.architecture,
      format: "safetensors",
      files,
      licence: "MIT",
      licenceUrl: "https://opensource.org/license/mit",
      places: [
        ...(recipe.embedded ? [{ kind: "file", folder: `public/models/${recipe.id}` }] : []),
        { kind: "recipe", recipe: recipe.id },
      ],
      shape: shapeOf(checkpoint),
      ...(recipe.embedded && { embedded: true }),
    });
  } finally {
    await checkpoint.close();
  }
}

/** Writes the card into content/models, in the place of one that a training before wrote. */
export function writeTrainedCard(root: string, card: ModelCard): void {
  const file = join(root, "content/models", `${card.id}.yaml`);
  const { default: _, ...written } = card;
  mkdirSync(join(root, "content/models"), { recursive: true });
  writeFileSync(
    `${file}.part`,
    `# Written by \`npm run train -- ${card.id}\`, from content/recipes/${card.id}.yaml.\n${stringify(written, { lineWidth: 120 })}`,
  );
  renameSync(`${file}.part`, file);
}

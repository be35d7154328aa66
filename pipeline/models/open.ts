import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { ModelCard } from "../artifacts/content/model-card.ts";
import { weightsSha256 } from "../artifacts/model-files.ts";
import type { Checkpoint } from "../engine/checkpoint.ts";
import { cachedPath } from "./cache.ts";
import { cardOf } from "./cards.ts";
import { codeOf, ModelError } from "./errors.ts";
import type { Format, OpenModel } from "./format.ts";
import { ggufFile } from "./gguf-file.ts";
import { hubFolder } from "./hub-folder.ts";
import { verify } from "./pull.ts";

export type { OpenModel } from "./format.ts";

const formats: readonly Format[] = [ggufFile, hubFolder];

/**
 * Opens the cached weights of a model after checking their hash. Throws `ModelError` for an unknown id or weights that
 * are not here (with the command that gets them), `HashError`, `FormatError`.
 */
export async function openModel(id: string): Promise<OpenModel> {
  const card = cardOf(id);
  await verify(card);
  const format = formats.find((each) => each.id === card.format)!;
  const names = card.files.map(({ name }) => name);
  const opened = await format.open(cachedPath(card), id, { names, sha256: weightsSha256(card.files) });
  try {
    assertCard(card, opened.checkpoint);
  } catch (error) {
    await opened.checkpoint.close();
    throw error;
  }
  return opened;
}

/** Opens a checkpoint by its path: a `.gguf` file, or a folder with config.json and safetensors, as on the hub. */
export async function openCheckpoint(path: string): Promise<OpenModel> {
  const stats = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") throw new ModelError(`${path}: there is no such file or folder`);
    throw error;
  });
  return formats.find((each) => each.isFolder === stats.isDirectory())!.open(path, basename(path));
}

/** What a card says of a checkpoint's shape. */
export function shapeOf({ config, tensors }: Checkpoint): ModelCard["shape"] {
  const values = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
  return {
    blocks: config.nLayers,
    dModel: config.dModel,
    heads: config.nHeads,
    keyValueHeads: config.nKeyValueHeads,
    dMlp: config.dMlp,
    vocabulary: config.vocabSize,
    parameters: [...tensors.values()].reduce((sum, tensor) => sum + values(tensor.shape), 0),
  };
}

/** Readers are told the card's numbers: they must be the weights'. */
function assertCard(card: ModelCard, checkpoint: Checkpoint): void {
  for (const [name, value] of Object.entries(shapeOf(checkpoint))) {
    const told = new Map(Object.entries(card.shape)).get(name);
    if (told !== value)
      throw new ModelError(`content/models/${card.id}.yaml: shape.${name}: found ${told}, the weights have ${value}`);
  }
  const { config } = checkpoint;
  if (config.architecture !== card.architecture)
    throw new ModelError(
      `content/models/${card.id}.yaml: architecture: found ${card.architecture}, the weights have ${config.architecture}`,
    );
}

import type { ModelCard } from "../artifacts/content/model-card.ts";
import type { Checkpoint, Tokenizer } from "../engine/checkpoint.ts";

/** A checkpoint that is open, and what is known of it. Close the checkpoint when done. */
export interface OpenModel {
  /** Id of its card, or the name of the file or folder. */
  readonly id: string;
  /** Of the weights, as `weightsSha256` of their files. */
  readonly sha256: string;
  /** What it was opened by: a GGUF file, or a folder. */
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** The tokenizer that comes with the weights, if one does; throws `FormatError` when it is unfit for use. */
  tokenizer(): Tokenizer | undefined;
}

/** What a card says of files, whose hashes have been checked. */
export interface FilesOfCard {
  readonly names: readonly string[];
  readonly sha256: string;
}

/** How checkpoints are kept. One file each. */
export interface Format {
  /** As cards name it. */
  readonly id: ModelCard["format"];
  /** Whether its checkpoints are folders. */
  readonly isFolder: boolean;
  /** Opens what lies at a path; of a card's files only those. Throws `FormatError`. */
  open(path: string, id: string, files?: FilesOfCard): Promise<OpenModel>;
}

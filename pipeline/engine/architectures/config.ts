/** What a checkpoint's configuration says, in the words of the field. */
export interface ModelConfig {
  /** `llama`, `gpt2`, `gpt_neox`, `qwen2`, `qwen3`. */
  readonly architecture: string;
  readonly nLayers: number;
  readonly dModel: number;
  readonly nHeads: number;
  readonly nKeyValueHeads: number;
  readonly dHead: number;
  readonly dMlp: number;
  readonly vocabSize: number;
  readonly maxPositions: number;
  readonly normEpsilon: number;
  readonly ropeTheta: number;
  /** The unembedding is the embedding, transposed. */
  readonly tiedEmbeddings: boolean;
}

/** The seam between the engine, which writes graphs, and whatever runs them. */

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;
export type DataType = "float32" | "int32" | "int64" | "bool" | "uint8";

export interface Tensor {
  readonly type: DataType;
  /** Row-major extents. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Where a graph's external data lies: a file, or bytes in memory. */
export interface ExternalData {
  /** The `location` that the graph's initializers name. */
  readonly location: string;
  readonly source: { readonly file: string } | { readonly bytes: Uint8Array };
}

export interface RuntimeSession {
  /** Runs the graph once. Throws what the runtime throws, with the graph's name in front. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export interface Runtime {
  /** `onnxruntime-node 1.30.0`, for provenance. */
  readonly name: string;
  /** `cpu`, `cuda`, `wasm`. */
  readonly device: string;
  readonly threads: number;
  session(model: Uint8Array, external: readonly ExternalData[]): Promise<RuntimeSession>;
}

import type { ModelConfig } from "../architectures/config.ts";
import type { StoredTensor } from "../checkpoint.ts";
import { FormatError, shown } from "./format-error.ts";
import type { TensorLayout } from "./layout.ts";

/** A tensor of the checkpoint and what the file calls it. */
export interface MatchedTensor extends StoredTensor, TensorLayout {
  readonly inFile: string;
}

/**
 * Checks the tensors that a file has against those that its configuration asks for; the result is by hub name.
 * Throws `FormatError` for one that is missing, has another shape, or belongs to no such model.
 */
export function matchTensors(
  file: string,
  stored: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  wanted: Iterable<TensorLayout>,
  nameInFile: (layout: TensorLayout) => string,
  ignored: (name: string) => boolean = () => false,
): ReadonlyMap<string, MatchedTensor> {
  const tensors = new Map<string, MatchedTensor>();
  const used = new Set<string>();
  for (const layout of wanted) {
    const inFile = nameInFile(layout);
    const found = stored.get(inFile);
    const expected = `shape [${layout.shape.join(", ")}], by its configuration`;
    if (found === undefined) throw new FormatError({ file, field: `tensor ${shown(inFile)}`, found: "none", expected });
    if (found.shape.join() !== layout.shape.join())
      throw new FormatError({
        file,
        field: `tensor ${shown(inFile)}`,
        found: `shape [${found.shape.join(", ")}]`,
        expected,
      });
    used.add(inFile);
    tensors.set(layout.hub, { ...layout, name: layout.hub, inFile });
  }
  for (const name of stored.keys())
    if (!used.has(name) && !ignored(name))
      throw new FormatError({
        file,
        field: `tensor ${shown(name)}`,
        found: "it in the file",
        expected: "only tensors of the architecture",
        hint: "Leaving it out would compute another model",
      });
  return tensors;
}

/** Throws `FormatError` for a value that is no finite number. */
export function assertFinite(file: string, name: string, values: Float32Array): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]!))
      throw new FormatError({
        file,
        field: `tensor ${shown(name)}[${i}]`,
        found: String(values[i]),
        expected: "finite numbers",
      });
}

/** Throws `FormatError` for a tensor that isn't one of the checkpoint's. */
export function unknownTensor(file: string, name: string, config: ModelConfig): never {
  throw new FormatError({
    file,
    field: `tensor ${shown(name)}`,
    found: "no such tensor",
    expected: `one of the ${config.architecture} checkpoint's`,
  });
}

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A checkout of its own in a temporary folder, for a bench to measure in. */
export interface TemporaryVault {
  readonly root: string;
  /** Writes a file, its folders too. */
  write(path: string, text: string): void;
  /** Makes files or folders of this project stand in it at the same paths. */
  link(...paths: readonly string[]): void;
  remove(): void;
}

const project = fileURLToPath(new URL("../../../../", import.meta.url));

export function temporaryVault(name: string): TemporaryVault {
  const root = mkdtempSync(join(tmpdir(), `${name}-`));
  const ready = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  const vault: TemporaryVault = {
    root,
    write: (path, text) => writeFileSync(ready(path), text),
    link: (...paths) => {
      for (const path of paths) symlinkSync(join(project, path), ready(path));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  // A temporary folder is no package: say that its files are modules.
  vault.write("package.json", '{ "type": "module" }');
  return vault;
}

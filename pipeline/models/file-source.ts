import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { ByteSource } from "../engine/formats/byte-source.ts";
import { codeOf, ModelError } from "./errors.ts";

/** A source over a file. Throws `ModelError` when there is none; close it. */
export async function fileSource(path: string): Promise<ByteSource> {
  const handle = await open(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") throw new ModelError(`${path}: there is no such file`);
    throw error;
  });
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw new ModelError(`${path}: found ${stats.isDirectory() ? "a folder" : "no plain file"}, expected a file`);
  }
  return {
    name: basename(path),
    size: stats.size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) throw new ModelError(`${path}: it became shorter while it was read`);
        at += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

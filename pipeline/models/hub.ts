import { fileDownloadInfo } from "@huggingface/hub";
import type { Place } from "../artifacts/content/place.ts";
import { ModelError } from "./errors.ts";
import { download, patientFetch } from "./http.ts";

interface Options {
  readonly onProgress?: (done: number, total: number | undefined, what: string) => void;
  readonly signal?: AbortSignal;
}

/** How the hub is reached: `HF_ENDPOINT` is its address and `HF_TOKEN` a reader's key, as for Hugging Face's own tools. */
export function hubAccess(signal?: AbortSignal) {
  return {
    hubUrl: process.env.HF_ENDPOINT?.replace(/\/+$/, "") || undefined,
    accessToken: process.env.HF_TOKEN || undefined,
    fetch: patientFetch(undefined, signal),
  };
}

/** Gets a file of a hub's repository into `part`, going on from what is there. Throws `ModelError`. */
export async function fromHub(
  place: Extract<Place, { kind: "hub" }>,
  path: string,
  part: string,
  options: Options,
): Promise<void> {
  const { repo, revision } = place;
  const access = hubAccess(options.signal);
  const info = await asked(repo, options.signal, () => fileDownloadInfo({ ...access, repo, path, revision }));
  if (info === null) throw new ModelError(`there is no ${path} at ${revision}`);
  await download(info.url, part, {
    ...options,
    token: access.accessToken,
    onProgress: (done) => options.onProgress?.(done, info.size, "downloading"),
  });
}

/** Asks the hub something about a repository; what it answers to a refusal is put in words. Throws `ModelError`. */
export async function asked<T>(repo: string, signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ModelError) throw error;
    const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
    const said = error instanceof Error ? error.message : String(error);
    if (status === 401 || status === 403)
      throw new ModelError(
        `${repo} is private, gated, or not there (${said}). ` +
          "Where its page on the hub asks for it, accept its terms; then set HF_TOKEN to a token of yours that may read it",
      );
    throw new ModelError(said);
  }
}

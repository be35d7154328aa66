import { z } from "zod";
import { ModelError } from "./errors.ts";
import { patientFetch } from "./http.ts";

/** A Python package index in its JSON form (PEP 691), as far as it is read here. */
const Project = z.object({
  files: z.array(z.object({ filename: z.string(), url: z.string(), hashes: z.record(z.string(), z.string()) })),
});

export interface Wheel {
  readonly filename: string;
  readonly url: string;
}

/**
 * Address of a release's platform-independent wheel: for machines without pip. The index is `PIP_INDEX_URL`, as pip
 * reads it. Throws `ModelError` when none is named, or it can't be read or has no such wheel.
 */
export async function findWheel(
  name: string,
  version: string,
  options: { index?: string; signal?: AbortSignal } = {},
): Promise<Wheel> {
  const index = options.index ?? process.env.PIP_INDEX_URL;
  if (!index)
    throw new ModelError(
      "python3 -m pip does not answer, and PIP_INDEX_URL names no package index. Install pip, or set it",
    );
  const normal = name.toLowerCase().replace(/[-_.]+/g, "-");
  const address = new URL(`${index.replace(/\/+$/, "")}/${normal}/`);
  const response = await patientFetch(undefined, options.signal)(address, {
    headers: { accept: "application/vnd.pypi.simple.v1+json" },
  });
  if (!response.ok) throw new ModelError(`${address.host} answered ${response.status} for ${name}`);
  const project = Project.safeParse(await response.json().catch(() => undefined));
  if (!project.success) throw new ModelError(`${address.host} has no list of ${name}'s files that can be read`);
  const start = `${normal.replaceAll("-", "_")}-${version}-`;
  const wheel = project.data.files.find(({ filename }) => {
    return filename.toLowerCase().startsWith(start) && filename.endsWith("-none-any.whl");
  });
  if (wheel === undefined) throw new ModelError(`${address.host} has no wheel of ${name} ${version}`);
  return { filename: wheel.filename, url: new URL(wheel.url, address).href };
}

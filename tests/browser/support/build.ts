import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Builds a site into a folder; the environment says which vault, and for what address. */
export async function build(outDir: string, environment: Record<string, string>): Promise<void> {
  try {
    await run("node", ["node_modules/astro/bin/astro.mjs", "build", "--outDir", outDir], {
      env: { ...process.env, ...environment, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`The site could not be built:\n${`${stdout}\n${stderr}`.slice(-4000)}`);
  }
}

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { serve } from "./server.ts";

const run = promisify(execFile);

declare module "vitest" {
  interface ProvidedContext {
    /** The invented vault, built: every verdict, every block. */
    fixtureSite: string;
    fixtureFolder: string;
    /** The wiki itself, built. */
    realSite: string;
    realFolder: string;
    browser: string;
  }
}

/** Where Debian puts Chromium; another machine says so with `CHROMIUM`. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Builds both sites once, serves them, and starts the one browser that all files share. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(executablePath))
    throw new Error(
      `The browser tests need Chromium at ${executablePath}. Install it (apt-get install -y chromium), or set CHROMIUM to where it is.`,
    );
  const folder = mkdtempSync(join(tmpdir(), "soundings-sites-"));
  const [fixtureFolder, realFolder] = [join(folder, "fixture"), join(folder, "real")];
  await build(fixtureFolder, { SOUNDINGS_VAULT: "tests/fixtures/vault" });
  await build(realFolder, {});
  const [fixture, real] = [await serve(fixtureFolder), await serve(realFolder)];
  const browser = await chromium.launchServer({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  provide("fixtureSite", fixture.address);
  provide("fixtureFolder", fixtureFolder);
  provide("realSite", real.address);
  provide("realFolder", realFolder);
  provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await Promise.all([fixture.close(), real.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
}

async function build(outDir: string, environment: Record<string, string>): Promise<void> {
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

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { build } from "./build.ts";
import { writeHostileVault } from "./hostile-vault.ts";
import { serve } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The invented vault, built: every verdict, every block. */
    fixtureSite: string;
    fixtureFolder: string;
    /** The wiki itself, built. */
    realSite: string;
    realFolder: string;
    /** The invented vault with hostile text in it, built for the folder `/wiki` of a host and served there. */
    hostileSite: string;
    hostileFolder: string;
    browser: string;
  }
}

/** Where Debian puts Chromium; another machine says so with `CHROMIUM`. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Builds the sites once, serves them, and starts the one browser that all files share. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(executablePath))
    throw new Error(
      `The browser tests need Chromium at ${executablePath}. Install it (apt-get install -y chromium), or set CHROMIUM to where it is.`,
    );
  const folder = mkdtempSync(join(tmpdir(), "soundings-sites-"));
  const [fixtureFolder, realFolder, hostileFolder] = ["fixture", "real", "hostile"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await build(fixtureFolder, { SOUNDINGS_VAULT: "tests/fixtures/vault" });
  await build(realFolder, {});
  const vault = join(folder, "vault");
  writeHostileVault("tests/fixtures/vault", vault);
  await build(hostileFolder, { SOUNDINGS_VAULT: vault, SOUNDINGS_SITE: "https://soundings.example/wiki" });
  const sites = [await serve(fixtureFolder), await serve(realFolder), await serve(hostileFolder, { base: "/wiki" })];
  const browser = await chromium.launchServer({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const [fixture, real, hostile] = sites.map(({ address }) => address) as [string, string, string];
  provide("fixtureSite", fixture);
  provide("fixtureFolder", fixtureFolder);
  provide("realSite", real);
  provide("realFolder", realFolder);
  provide("hostileSite", hostile);
  provide("hostileFolder", hostileFolder);
  provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await Promise.all(sites.map((site) => site.close()));
    rmSync(folder, { recursive: true, force: true });
  };
}

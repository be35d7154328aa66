import { execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

/** Every block of docs/authoring.md in its order: commands are run, files written, and what should appear is looked for. */
const GUIDE = "docs/authoring.md";
const text = readFileSync(GUIDE, "utf8");
const blocks = [...text.matchAll(/^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map((found) => ({
  kind: found[1]!,
  file: found[2],
  body: found[3]!,
  line: text.slice(0, found.index).split("\n").length,
}));
/** The page that the guide opens: where it stands on the site. */
const page = /<http:\/\/localhost:4321(\/notes\/[^>]+)>/.exec(text)![1]!;
const shell = promisify(execFile);

let home: string;
let env: NodeJS.ProcessEnv;
/** What ends the server that the guide starts. */
let endServer: (() => void) | undefined;
/** What the last block of commands said, or the page that the server serves. */
let said = "";

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "authoring-"));
  const repository = join(home, "repository");
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"]).toString().split("\0");
  for (const file of files) if (file !== "" && existsSync(file)) cpSync(file, join(repository, file));
  const who = { GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@example.org" };
  // What the test runner sets for its own code (VITEST, NODE_ENV, DEV, …) no author has, and Astro's server heeds it.
  const theirs = /^(VITEST.*|NODE_ENV|TEST|MODE|DEV|PROD|SSR|BASE_URL)$/;
  const own = Object.entries(process.env).filter(([name]) => !theirs.test(name));
  env = {
    ...Object.fromEntries(own),
    ...who,
    GIT_COMMITTER_NAME: "t",
    GIT_COMMITTER_EMAIL: "t@example.org",
    REPOSITORY: repository,
  };
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    ["commit", "-qm", "copy"],
  ])
    execFileSync("git", args, { cwd: repository, env });
});
afterAll(() => {
  endServer?.();
  rmSync(home, { recursive: true, force: true });
});

/** Where the guide stands: `cd soundings` is in its first block. */
const here = () => (existsSync(join(home, "soundings")) ? join(home, "soundings") : home);

/** Runs the lines of a block as one script that ends at the first failure. CI installs; here the packages are those of this project. */
async function run(commands: string): Promise<string> {
  const script = commands.replace(/^npm ci$/m, `ln -s "${resolve("node_modules")}" node_modules`);
  try {
    const { stdout } = await shell("timeout", ["280", "bash", "-euc", script], {
      cwd: here(),
      env,
      maxBuffer: 2 ** 26,
    });
    return stdout;
  } catch (error) {
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`${message}\n${stdout}`);
  }
}

/** Starts the server and returns the text that the guide's page shows in a browser. */
async function look(command: string): Promise<string> {
  const child = spawn("bash", ["-c", `exec ${command}`], {
    cwd: here(),
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  endServer = () => process.kill(-child.pid!, "SIGTERM");
  const origin = await new Promise<string>((done, fail) => {
    let heard = "";
    const hear = (bytes: Buffer): void => {
      heard += bytes.toString();
      // Another port, where that one is taken.
      const [found] = /http:\/\/localhost:\d+/.exec(heard) ?? [];
      if (found) done(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("close", (code) => fail(new Error(`${command} ended with ${code}:\n${heard}`)));
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const tab = await browser.newPage({ viewport: { width: 1440, height: 1100 } });
    const refused: string[] = [];
    tab.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) refused.push(message.text());
    });
    const answer = await tab.goto(`${origin}${page}`, { waitUntil: "load", timeout: 120_000 });
    expect(answer?.status(), `${origin}${page}`).toBe(200);
    // As it will look: its styles are not held up by the page's own policy.
    expect(refused).toEqual([]);
    expect(await tab.locator("h1").evaluate((heading) => getComputedStyle(heading).fontFamily)).toContain(
      "Source Serif",
    );
    return (await tab.locator("body").innerText()).replace(/\s+/g, " ");
  } finally {
    await browser.close();
  }
}

it("the guide begins at a clone, and has commands, files and what should appear", () => {
  expect(blocks[0]!.body).toContain("git clone");
  for (const kind of ["sh", "text", "mdx", "bibtex"])
    expect(blocks.filter((each) => each.kind === kind)).not.toEqual([]);
});

it.each(blocks)(`${GUIDE}:$line $kind $file`, { timeout: 300_000 }, async ({ kind, file, body }) => {
  if (kind === "text") {
    for (const line of body.trimEnd().split("\n")) expect(said).toContain(line);
  } else if (file !== undefined) {
    const path = join(here(), file);
    // What `new` is said to make is there already.
    if (file.startsWith("content/")) expect(existsSync(path), file).toBe(true);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  } else {
    expect(kind).toBe("sh");
    said = body.trim() === "npm run dev" ? await look(body.trim()) : await run(body);
  }
});

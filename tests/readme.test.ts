import { execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realModel } from "./support/real-model.ts";
import { safetensors } from "./support/tensors.ts";

/** Every command of the README, run as it is written, in a copy of the project. */
const readme = readFileSync("README.md", "utf8");
const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block!.trim().split("\n"));
const shell = promisify(execFile);

/** Commands that serve, or install, or are this very run: what is left of them is tested below, or by CI. */
const apart = ["npm ci && npm start", "npm test", "npm run dev"];
/** Commands for many machines: `faults/servers.test.ts` runs them, with the servers that they need. */
const onMany = (command: string) => command.includes("$QUEUE");

let copy: string;
beforeAll(async () => {
  await realModel();
  copy = mkdtempSync(join(tmpdir(), "readme-"));
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"]).toString().split("\0");
  for (const file of files) if (file !== "" && existsSync(file)) cpSync(file, join(copy, file), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, "texts.json"), JSON.stringify(["Hello world", ""]));
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "copy"],
  ])
    execFileSync("git", args, { cwd: copy });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("the README's commands, as written", () => {
  it("names the two commands of a fresh machine", () => {
    expect(commands.slice(0, 2)).toEqual(["npm ci && npm start", "npm test"]);
  });

  it.each(commands.filter((command) => !apart.includes(command) && !onMany(command)))(
    "%s",
    { timeout: 300_000 },
    async (command) => {
      // Its own group of processes, which ends with it: a measurement must not go on behind a test that has failed.
      const { stdout } = await shell("timeout", ["280", "bash", "-c", command], { cwd: copy, maxBuffer: 2 ** 26 });
      if (command.includes("tokenize")) expect(JSON.parse(stdout)).toEqual([[19556, 905], []]);
      if (command.includes("trace --")) expect(safetensors(join(copy, "river.safetensors")).size).toBe(31);
      if (command.includes(" add ")) {
        expect(readFileSync(join(copy, "content/models/tiny-gpt2.yaml"), "utf8")).toContain("architecture: gpt2");
        rmSync(join(copy, "content/models/tiny-gpt2.yaml"));
      }
      if (command.includes(" new "))
        expect(existsSync(join(copy, "content/notes/why-do-early-blocks-write-most.mdx"))).toBe(true);
    },
  );

  it("npm start builds the wiki and serves it", { timeout: 600_000 }, async () => {
    rmSync(join(copy, "content/notes/why-do-early-blocks-write-most.mdx"), { force: true });
    const child = spawn("npm", ["start"], { cwd: copy, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let said = "";
        const hear = (text: Buffer) => {
          said += text;
          const found = /Soundings is at (http:\S+)/.exec(said)?.[1];
          if (found) resolve(found);
        };
        child.stdout.on("data", hear);
        child.stderr.on("data", hear);
        child.on("close", (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
      });
      const page = await fetch(address);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("<h1");
    } finally {
      process.kill(-child.pid!, "SIGTERM");
    }
  });
});

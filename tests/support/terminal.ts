import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** What is typed once a text has appeared. */
export type Answer = readonly [awaits: string, types: string];

/**
 * Runs a command of ours on a terminal (a pseudo-terminal, by `script` of util-linux), as a person who answers what is asked, in
 * order, within 20 s. Returns what the terminal showed, without its colours and cursor movements. Throws when a question doesn't come.
 */
export function onTerminal(args: readonly string[], cwd: string, answers: readonly Answer[]): Promise<string> {
  const program = [process.execPath, resolve("pipeline/cli.ts"), ...args].map((arg) => `'${arg}'`).join(" ");
  // The terminal has no size of its own, and questions would be broken after every letter.
  const command = `stty columns 100 rows 40; exec ${program}`;
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", command, "/dev/null"], {
    cwd,
    env: { ...process.env, TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 20_000,
  });
  return new Promise((done, fail) => {
    let shown = "";
    let seen = 0;
    let next = 0;
    child.stdout.on("data", (bytes: Buffer) => {
      shown += bytes.toString();
      const answer = answers[next];
      const at = answer ? shown.indexOf(answer[0], seen) : -1;
      if (!answer || at < 0) return;
      seen = at + answer[0].length;
      next += 1;
      child.stdin.write(answer[1]);
    });
    child.on("error", fail);
    child.on("close", () => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
      const text = shown.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r", "");
      if (next === answers.length) done(text);
      else fail(new Error(`"${answers[next]![0]}" was not asked:\n${text}`));
    });
  });
}

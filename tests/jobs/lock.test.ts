import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "../../pipeline/jobs/lock.ts";

let root = "";
const module = join(process.cwd(), "pipeline/jobs/lock.ts");
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Another process that takes the lock, says how that went, and stays. */
async function holder(): Promise<{ child: ChildProcess; said: string }> {
  const code = `const { takeLock } = await import(${JSON.stringify(module)});
    try { takeLock(${JSON.stringify(root)}, "measure"); console.log("held"); setInterval(() => {}, 1000); } catch (e) { console.log(e.name); }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const [data] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, said: data.toString().trim() };
}

describe("the lock", () => {
  it("is one: who comes second is told who has it; given back, it is free, and nothing stays behind", () => {
    const unlock = takeLock(root, "measure");
    expect(() => takeLock(root, "measure")).toThrow(new RegExp(`process ${process.pid} on ${hostname()}, since 20`));
    unlock();
    takeLock(root, "measure")();
    expect(readdirSync(join(root, ".lock"))).toEqual([]);
  });

  it("of a process that was killed is taken over; of one that lives it isn't", async () => {
    const { child, said } = await holder();
    expect(said).toBe("held");
    expect(() => takeLock(root, "measure")).toThrow(`process ${child.pid}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(join(root, ".lock/measure"))).toBe(true);
    takeLock(root, "measure")();
  });

  it("of a process whose number another one has now is taken over", () => {
    const owner = { pid: process.ppid, host: hostname(), since: "2026-01-01", born: "1" };
    takeLock(root, "measure")();
    writeFileSync(join(root, ".lock/measure"), JSON.stringify(owner));
    takeLock(root, "measure")();
  });

  it("of another machine is left alone, with what to do", () => {
    takeLock(root, "measure")();
    writeFileSync(
      join(root, ".lock/measure"),
      JSON.stringify({ pid: 1, host: "elsewhere", since: "2026-01-01", born: null }),
    );
    expect(() => takeLock(root, "measure")).toThrow(/on elsewhere.*remove .*\.lock\/measure/s);
  });

  it("goes to one of several who find it stale at once", async () => {
    takeLock(root, "measure")();
    writeFileSync(
      join(root, ".lock/measure"),
      JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: "2026-01-01", born: null }),
    );
    const all = await Promise.all([holder(), holder(), holder(), holder()]);
    for (const { child } of all) child.kill("SIGKILL");
    expect(all.map((each) => each.said).sort()).toEqual(["LockedError", "LockedError", "LockedError", "held"]);
  });
});

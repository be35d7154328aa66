import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listArtifacts, readArtifact, readBeside, readyFolder } from "../../pipeline/artifacts/store.ts";
import { sweepPending, writeArtifact } from "../../pipeline/artifacts/writer.ts";
import { estimate, prediction, provenance, result } from "./samples.ts";

let root = "";
const address = { model: "tiny", experiment: "depths" };
const folder = () => join(root, "public/artifacts/tiny/depths");
const pending = () => join(root, "public/artifacts/.pending");

function write(value: number, files: Record<string, string> = {}) {
  const { files: _, ...rest } = provenance([prediction("a")]);
  writeArtifact(root, { result: result([estimate("a", value, value)]), provenance: rest, files });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("the store", () => {
  it("reads back what was written, and lists it; nothing else stays behind", () => {
    expect(readArtifact(root, address)).toBeUndefined();
    expect(listArtifacts(root)).toEqual([]);
    write(1.23456789, { "traces/river.json": "{}" });
    const { result: read, provenance: record } = readArtifact(root, address, { everyFile: true })!;
    expect(read.estimates[0]?.value).toBe(1.23457);
    expect(Object.keys(record.files).sort()).toEqual(["result.json", "traces/river.json"]);
    expect(readBeside(root, address, "traces/river.json").toString()).toBe("{}");
    expect(listArtifacts(root)).toEqual([address]);
    expect(readdirSync(join(root, "public/artifacts"))).toEqual(["tiny"]);
  });

  it("replaces the whole folder: a file of the last time does not stay", () => {
    write(1, { "traces/river.json": "{}" });
    write(2);
    expect(readdirSync(folder()).sort()).toEqual(["provenance.json", "result.json"]);
    expect(readArtifact(root, address)?.result.estimates[0]?.value).toBe(2);
  });

  it("names file, path and value when a file fails its schema", () => {
    write(1);
    const file = join(folder(), "result.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"level": 0.95', '"level": "high"'));
    expect(() => readArtifact(root, address)).toThrow(
      /^public\/artifacts\/tiny\/depths\/result\.json: estimates\.0\.level: .*number.* \(found "high"\)$/,
    );
    writeFileSync(file, "{");
    expect(() => readArtifact(root, address)).toThrow("public/artifacts/tiny/depths/result.json: not JSON");
  });

  it("finds a file edited by hand, one that is gone, and one too many", () => {
    write(1, { "traces/river.json": "{}" });
    const result = join(folder(), "result.json");
    const good = readFileSync(result, "utf8");
    writeFileSync(result, good.replace('"value": 1', '"value": 2'));
    expect(() => readArtifact(root, address)).toThrow("result.json: not the file that was measured");
    writeFileSync(result, good);
    writeFileSync(join(folder(), "traces/river.json"), "{ }");
    expect(() => readBeside(root, address, "traces/river.json")).toThrow("not the file that was measured");
    expect(() => readArtifact(root, address, { everyFile: true })).toThrow("traces/river.json: not the file");
    rmSync(join(folder(), "traces/river.json"));
    expect(() => readArtifact(root, address, { everyFile: true })).toThrow("traces/river.json is missing");
    write(1);
    writeFileSync(join(folder(), "notes.txt"), "mine");
    expect(() => readArtifact(root, address, { everyFile: true })).toThrow("notes.txt: no part of this artifact");
  });

  it("refuses an artifact in another one's folder", () => {
    write(1);
    renameSync(folder(), join(root, "public/artifacts/tiny/other"));
    expect(() => readArtifact(root, { ...address, experiment: "other" })).toThrow(
      'experiment: expected "other", found "depths"',
    );
  });

  it("refuses names that would leave the folder, and numbers that JSON cannot hold, and leaves what was there", () => {
    write(1);
    for (const name of ["../x", "/x", "a/../../x", "result.json", ""])
      expect(() => write(2, { [name]: "" })).toThrow("cannot be the name");
    expect(() => write(Number.NaN)).toThrow("estimates.0.value");
    expect(readArtifact(root, address, { everyFile: true })?.result.estimates[0]?.value).toBe(1);
    expect(existsSync(pending())).toBe(false);
  });

  it("reads the new artifact when a kill fell between the two renames, and puts it in its place at the next sweep", () => {
    write(1);
    renameSync(folder(), join(root, "before"));
    write(2);
    mkdirSync(pending());
    renameSync(folder(), readyFolder(root, address));
    renameSync(join(root, "before"), readyFolder(root, address).replace("~ready", "~old"));
    expect(readArtifact(root, address)?.result.estimates[0]?.value).toBe(2);
    expect(listArtifacts(root)).toEqual([address]);
    expect(sweepPending(root)).toEqual([address]);
    expect(readArtifact(root, address, { everyFile: true })?.result.estimates[0]?.value).toBe(2);
    expect(existsSync(pending())).toBe(false);
  });

  it("sweeps the unfinished folder of a process that is gone, and leaves that of one that lives", () => {
    const gone = Number(execFileSync("sh", ["-c", "echo $$"]).toString());
    for (const pid of [gone, process.ppid]) {
      mkdirSync(join(pending(), `tiny~depths~writing~${pid}`), { recursive: true });
      writeFileSync(join(pending(), `tiny~depths~writing~${pid}`, "result.json"), "{");
    }
    sweepPending(root);
    expect(readdirSync(pending())).toEqual([`tiny~depths~writing~${process.ppid}`]);
  });
});

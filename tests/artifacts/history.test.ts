import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Prediction } from "../../pipeline/artifacts/content/prediction.ts";
import { type Change, changeName, changeOf } from "../../pipeline/artifacts/history.ts";
import { changesOf, draftOf, readChanges } from "../../pipeline/artifacts/history-store.ts";
import type { Estimate } from "../../pipeline/artifacts/schema.ts";
import { listArtifacts, readArtifact, readyFolder } from "../../pipeline/artifacts/store.ts";
import { sweepPending, writeArtifact } from "../../pipeline/artifacts/writer.ts";
import { claim, estimate, prediction, provenance, result } from "./samples.ts";
import { Note } from "./vault-parts.ts";

const address = { model: "tiny", experiment: "depths" };
const bet = prediction("drop", { above: 1 });
const notes = [Note("note", { claims: [claim([bet])] })];
let root = "";
let minute = 0;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "history-"));
  minute = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

const none = () => undefined;
const folder = () => join(root, changesOf("tiny"));
const pending = () => join(root, "public/artifacts/.pending");

/** What `measure` does: compare with what stands, write. A minute passes each time. */
function measure(estimates: Estimate[], more: { at?: string; reasons?: string[]; experiment?: string } = {}): Change {
  const { files: _, ...rest } = provenance([], { started: at(more.at), experiment: more.experiment ?? "depths" });
  const fresh = { result: result(estimates, { experiment: rest.experiment }), provenance: rest };
  const previous = readArtifact(root, { model: "tiny", experiment: rest.experiment });
  const change = changeOf(notes, previous, fresh, none, more.reasons ?? []);
  writeArtifact(root, fresh, () => change);
  return change;
}
const at = (given?: string) => given ?? `2026-11-22T10:${String(minute++).padStart(2, "0")}:00.000Z`;

describe("what moved", () => {
  it("says of a first result which claims it decided, and of the next what moved, with both intervals", () => {
    measure([estimate("drop", 0.2, 0.4), estimate("still", 5, 6)], { reasons: ["not measured yet"] });
    measure([estimate("drop", 2, 3), estimate("still", 5, 6), estimate("new", 0, 1)], {
      reasons: ["seed/seed changed"],
    });
    const [second, first] = readChanges(root);
    expect(first).toMatchObject({
      before: null,
      after: { estimates: 2 },
      estimates: [],
      reasons: ["not measured yet"],
    });
    expect(first?.verdicts).toEqual([
      {
        claim: "note/it-holds",
        before: "untested",
        after: "contradicted",
        results: [{ prediction: "drop", experiment: "depths", estimate: "drop", before: null, after: [0.3, 0.2, 0.4] }],
      },
    ]);
    expect(second?.estimates).toEqual([
      { id: "drop", label: "drop", unit: "nats", before: [0.3, 0.2, 0.4], after: [2.5, 2, 3] },
      { id: "new", label: "new", unit: "nats", before: null, after: [0.5, 0, 1] },
    ]);
    expect(second?.verdicts).toMatchObject([{ before: "contradicted", after: "supported" }]);
    expect(second?.before).toEqual(first?.after);
  });

  it("keeps a measuring after which nothing moved: that too is what came out", () => {
    measure([estimate("drop", 0.2, 0.4)]);
    measure([estimate("drop", 0.2, 0.4)]);
    const [second, first] = readChanges(root);
    expect(second).toMatchObject({ estimates: [], verdicts: [], before: first?.after });
  });

  it("judges a claim that rests on two experiments by the other's standing result", () => {
    const both: Prediction[] = [bet, prediction("far", { experiment: "widths" })];
    const { files: _, ...rest } = provenance([]);
    const others = (id: string) =>
      id === "widths" ? { result: result([estimate("far", 2, 3)]), provenance: provenance([]) } : undefined;
    const fresh = { result: result([estimate("drop", 0.2, 0.4)]), provenance: rest };
    const change = changeOf([Note("note", { claims: [claim(both)] })], undefined, fresh, others, []);
    expect(change.verdicts).toMatchObject([
      {
        before: "untested",
        after: "mixed",
        results: [{ after: [0.3, 0.2, 0.4] }, { estimate: "far", before: [2.5, 2, 3], after: [2.5, 2, 3] }],
      },
    ]);
  });

  it("is not lost over a prediction that names what the result doesn't hold", () => {
    expect(measure([estimate("other", 1, 2)]).verdicts).toEqual([]);
    expect(readChanges(root)).toHaveLength(1);
  });
});

describe("the files of history", () => {
  it("are no artifact, and each is what its name says", () => {
    const change = measure([estimate("drop", 0.2, 0.4)]);
    expect(listArtifacts(root)).toEqual([address]);
    expect(readdirSync(folder())).toEqual([changeName(change)]);
    expect(changeName(change)).toMatch(/^20261122T100000000Z~depths~[0-9a-f]{8}\.json$/);
    expect(readArtifact(root, address)?.provenance.files["result.json"]).toBe(change.after.result);
    expect(() => readArtifact(root, { model: "tiny", experiment: "changes" })).toThrow("cannot be the name");
    const file = join(folder(), changeName(change));
    writeFileSync(file, readFileSync(file, "utf8").replace("10:00:00", "11:00:00"));
    expect(() => readChanges(root)).toThrow(/changes\/20261122T.*\.json: the whole: is not the change that its name/);
    writeFileSync(file, "<<<<<<< HEAD");
    expect(() => readChanges(root)).toThrow(/changes\/20261122T.*: not JSON/);
  });

  it("of two branches merge without a conflict, and stand in order of time", () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
        cwd: root,
        stdio: "pipe",
      });
    const commit = (...args: Parameters<typeof measure>) => {
      measure(...args);
      git("add", ".");
      git("commit", "-qm", "measured");
    };
    git("init", "-q", "-b", "main");
    commit([estimate("drop", 1, 2)]);
    git("checkout", "-qb", "other");
    commit([estimate("drop", 1, 3)], { experiment: "widths", at: "2026-11-22T12:00:00.000Z" });
    git("checkout", "-q", "main");
    commit([estimate("drop", 1, 4)], { experiment: "heights", at: "2026-11-22T11:00:00.000Z" });
    git("merge", "-q", "-m", "merged", "other");
    expect(readChanges(root).map(({ experiment }) => experiment)).toEqual(["widths", "heights", "depths"]);
  });
});

describe("killed while an artifact is written", () => {
  const old = [estimate("drop", 0.2, 0.4)];
  const young = [estimate("drop", 2, 3)];

  /** A whole second measuring, and then its files put back to where a kill had left them. */
  function killed(undo: (file: string, change: Change) => void): void {
    measure(old);
    renameSync(join(root, "public/artifacts/tiny/depths"), join(root, "standing"));
    rmSync(folder(), { recursive: true });
    const change = measure(young);
    execFileSync("mkdir", ["-p", pending()]);
    undo(join(folder(), changeName(change)), change);
  }
  const stands = () => readArtifact(root, address, { everyFile: true })?.result.estimates[0]?.value;
  const target = () => join(root, "public/artifacts/tiny/depths");

  it("before the first rename: nothing happened, and nothing is told", () => {
    killed((file) => {
      renameSync(file, draftOf(root, address));
      rmSync(target(), { recursive: true });
      renameSync(join(root, "standing"), target());
    });
    sweepPending(root);
    expect(stands()).toBe(0.3);
    expect(readChanges(root)).toEqual([]);
    expect(existsSync(pending())).toBe(false);
  });

  it("amid the draft: nothing happened, and half a file is no change", () => {
    killed((file) => {
      writeFileSync(draftOf(root, address), readFileSync(file, "utf8").slice(0, 50));
      rmSync(file);
      rmSync(target(), { recursive: true });
      renameSync(join(root, "standing"), target());
    });
    sweepPending(root);
    expect(stands()).toBe(0.3);
    expect(readChanges(root)).toEqual([]);
    expect(existsSync(pending())).toBe(false);
  });

  it.each([
    ["between the two renames", () => renameSync(target(), readyFolder(root, address))],
    ["between the artifact's place and the change's", () => undefined],
  ])("%s: both get their place, once", (_, undo) => {
    let name = "";
    killed((file, change) => {
      name = changeName(change);
      renameSync(file, draftOf(root, address));
      undo();
    });
    sweepPending(root);
    sweepPending(root);
    expect(stands()).toBe(2.5);
    expect(readdirSync(folder())).toEqual([name]);
    expect(existsSync(pending())).toBe(false);
  });

  it("and an artifact that was written since leaves an older draft behind", () => {
    killed((file) => renameSync(file, draftOf(root, address)));
    measure(old);
    expect(readChanges(root)).toHaveLength(1);
    expect(existsSync(pending())).toBe(false);
  });
});

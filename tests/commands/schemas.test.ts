import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import picomatch from "picomatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ContentError, splitFrontmatter } from "../../pipeline/artifacts/content-files.ts";
import { editorSchemas } from "../../pipeline/artifacts/editor-schemas.ts";
import { KINDS, type Kind } from "../../pipeline/artifacts/vault.ts";
import { findingText } from "../../pipeline/commands/check.ts";
import { describeError } from "../../pipeline/commands/support/errors.ts";
import { soundings } from "../support/cli.ts";
import { type LanguageServer, startLanguageServer } from "../support/language-server.ts";

const kinds = Object.keys(KINDS) as Kind[];
const pathOf = (kind: Kind) => `content/schemas/${kind}.schema.json`;

describe("the schemas for editors", () => {
  it("are committed as the schemas of content have them", () => {
    for (const [path, text] of Object.entries(editorSchemas()))
      expect(readFileSync(path, "utf8"), `${path} is stale: npm run schemas`).toBe(text);
    expect(readdirSync("content/schemas").sort()).toEqual(kinds.map((kind) => `${kind}.schema.json`).sort());
  });

  it("are mapped to the YAML files of each kind by the editor's settings", () => {
    const settings = JSON.parse(readFileSync(".vscode/settings.json", "utf8")) as Record<string, unknown>;
    const map = Object.entries(settings["yaml.schemas"] as Record<string, string>);
    const yaml = kinds.filter((kind) => KINDS[kind].extension === "yaml");
    expect(map.map(([schema]) => schema).sort()).toEqual(yaml.map((kind) => `./${pathOf(kind)}`).sort());
    for (const kind of yaml)
      expect(map.filter(([, files]) => picomatch(files)(`content/${kind}/any.yaml`)).map(([schema]) => schema)).toEqual(
        [`./${pathOf(kind)}`],
      );
  });

  it.each(kinds)("take every file of content/%s, and say what each field at its top is for", (kind) => {
    const schema = JSON.parse(editorSchemas()[pathOf(kind)]!) as {
      properties?: Record<string, { description?: string }>;
    };
    const takes = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema);
    for (const name of readdirSync(`content/${kind}`)) {
      const text = readFileSync(`content/${kind}/${name}`, "utf8");
      takes(parse(KINDS[kind].extension === "yaml" ? text : splitFrontmatter(text)!.yaml));
      expect(takes.errors, name).toBe(null);
    }
    for (const [field, { description }] of Object.entries(schema.properties ?? {}))
      expect(description, field).toMatch(/\w/);
  });
});

describe("the editor's task", () => {
  it("finds what check prints, at its place, errors and warnings apart", () => {
    const { tasks } = JSON.parse(readFileSync(".vscode/tasks.json", "utf8")) as {
      tasks: { label: string; problemMatcher: { severity: string; pattern: { regexp: string } }[] }[];
    };
    const matchers = tasks.find(({ label }) => label === "check")!.problemMatcher;
    const at = { file: "content/notes/why-so.mdx", line: 12, field: "claims.0.id", message: "no: not so" };
    const found = (text: string) =>
      matchers.flatMap(({ severity, pattern }) => {
        const match = new RegExp(pattern.regexp).exec(text);
        return match ? [[severity, ...match.slice(1)]] : [];
      });
    const place = ["content/notes/why-so.mdx", "12"];
    expect(found(findingText({ ...at, severity: "error" }))).toEqual([["error", ...place, "claims.0.id: no: not so"]]);
    expect(found(findingText({ ...at, severity: "warning" }))).toEqual([
      ["warning", ...place, "claims.0.id: no: not so"],
    ]);
    // The first of those that fail a schema.
    expect(found(describeError(new ContentError([at])))).toEqual([["error", ...place, "claims.0.id: no: not so"]]);
  });
});

describe("an editor with Astro's language server", () => {
  let vault: string;
  let server: LanguageServer;
  const uri = () => pathToFileURL(join(vault, "content/notes/why-so.mdx")).href;
  const open = (text: string, version: number) =>
    version === 1
      ? server.notify("textDocument/didOpen", { textDocument: { uri: uri(), languageId: "mdx", version, text } })
      : server.notify("textDocument/didChange", { textDocument: { uri: uri(), version }, contentChanges: [{ text }] });
  const found = async () =>
    (
      await server.request<{ items: { message: string; range: { start: { line: number } } }[] }>(
        "textDocument/diagnostic",
        { textDocument: { uri: uri() } },
      )
    ).items.map(({ message, range }) => `${range.start.line + 1}: ${message}`);

  beforeAll(async () => {
    vault = mkdtempSync(join(tmpdir(), "editor-"));
    cpSync("tests/fixtures/vault/content", join(vault, "content"), { recursive: true });
    for (const name of ["package.json", "tsconfig.json"]) cpSync(name, join(vault, name));
    symlinkSync(resolve("node_modules"), join(vault, "node_modules"));
    const { code } = await soundings(["new", "note", "why-so", "--topic", "depth"], {}, vault);
    expect(code).toBe(0);
    server = await startLanguageServer(vault);
  });
  afterAll(() => {
    server?.close();
    rmSync(vault, { recursive: true, force: true });
  });

  it("finds nothing wrong with a note that was just begun, and what is wrong once it is, at its line", async () => {
    const text = readFileSync(join(vault, "content/notes/why-so.mdx"), "utf8");
    open(text, 1);
    expect(await found()).toEqual([]);
    open(text.replace("summary:", "sumary:").replace("date: 20", "date: then 20"), 2);
    const said = await found();
    expect(said).toContainEqual(expect.stringMatching(/^4: .*sumary/));
    expect(said).toContainEqual(expect.stringMatching(/^5: /));
  });

  it("says what a field is for", async () => {
    const hover = await server.request<{ contents: { value: string } }>("textDocument/hover", {
      textDocument: { uri: uri() },
      position: { line: 2, character: 3 },
    });
    expect(hover.contents.value).toContain("What was found, in one or two sentences.");
  });

  it("offers the fields that may stand", async () => {
    const text = readFileSync(join(vault, "content/notes/why-so.mdx"), "utf8");
    open(text.replace("\nsummary:", "\nre\nsummary:"), 3);
    const { items } = await server.request<{ items: { label: string }[] }>("textDocument/completion", {
      textDocument: { uri: uri() },
      position: { line: 3, character: 2 },
    });
    expect(items.map(({ label }) => label)).toContain("related");
  });
});

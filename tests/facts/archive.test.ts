import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { listArtifacts } from "../../pipeline/artifacts/store.ts";
import { archiveOf } from "../../src/facts/archive.ts";
import { jsonSchemas } from "../../src/facts/json-schemas.ts";
import { readFacts } from "../../src/facts/site.ts";

const schema = (name: string) => new Ajv2020({ strict: false, validateFormats: false }).compile(jsonSchemas[name]!());

describe.each([
  ["the wiki", "."],
  ["the invented vault", "tests/fixtures/vault"],
])("the archive of %s", (_, folder) => {
  const zip = archiveOf(readFacts(folder), folder);
  const files = unzipSync(zip);

  it("holds every artifact as it is, each table as CSV, the verdicts and the schemas", () => {
    for (const { model, experiment } of listArtifacts(folder)) {
      const at = `${model}/${experiment}`;
      const original = readFileSync(join(folder, "public/artifacts", at, "result.json"));
      expect(Buffer.from(files[`${at}/result.json`]!).equals(original), at).toBe(true);
      const { tables } = JSON.parse(original.toString("utf8"));
      for (const name of ["estimates", ...Object.keys(tables)])
        expect(Object.keys(files), `${at} ${name}`).toContain(`${at}/csv/${name}.csv`);
    }
    expect(JSON.parse(strFromU8(files["verdicts.json"]!)).length).toBeGreaterThan(3);
    expect(Object.keys(files)).toContain("schema/result.schema.json");
  });

  it("has files that their published schemas accept", () => {
    const valid = {
      "result.json": schema("result.schema.json"),
      "provenance.json": schema("provenance.schema.json"),
    };
    for (const [path, bytes] of Object.entries(files))
      for (const [name, check] of Object.entries(valid))
        if (path.endsWith(`/${name}`)) {
          check(JSON.parse(strFromU8(bytes)));
          expect(check.errors, path).toBeNull();
        }
    const trace = schema("trace.schema.json");
    for (const [path, bytes] of Object.entries(files).filter(([path]) => /\/traces\/traces\/.*\.json$/.test(path)))
      expect(trace(JSON.parse(strFromU8(bytes))), path).toBe(true);
  });

  it("has the same bytes each time", () => {
    expect(Buffer.from(archiveOf(readFacts(folder), folder)).equals(Buffer.from(zip))).toBe(true);
  });
});

it("a result with a cell of another type, or without its estimates, is refused by the schema", () => {
  const check = schema("result.schema.json");
  expect(check({ schema: 1, experiment: "x", model: "y", tables: {} })).toBe(false);
  const table = { title: "", columns: [{ name: "a", type: "number", unit: "", about: "" }], rows: [[{}]] };
  expect(check({ schema: 1, experiment: "x", model: "y", estimates: [], tables: { table } })).toBe(false);
});

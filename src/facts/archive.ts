import { type Zippable, zipSync } from "fflate";
import { listArtifacts, readBeside } from "../../pipeline/artifacts/store.ts";
import { estimatesCsv, tableCsv } from "./csv.ts";
import type { Facts } from "./facts.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { root } from "./place.ts";
import { verdictRows } from "./verdict-rows.ts";

export const ARCHIVE = "/data/soundings-data.zip";

const bytes = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
/** The earliest day that the format knows: an archive of the same data has the same bytes whenever it is made. */
const EPOCH = new Date(1980, 0, 1);

let known: { facts: Facts; zip: Uint8Array<ArrayBuffer> } | undefined;

/** The archive of this build, made on first use. */
export function siteArchive(facts: Facts): Uint8Array<ArrayBuffer> {
  if (known?.facts !== facts) known = { facts, zip: archiveOf(facts) };
  return known.zip;
}

/**
 * Everything that was measured, in one ZIP: for each model and experiment the files of its artifact as they are, its estimates
 * and tables as CSV; the verdicts; the schemas of the files. Throws ArtifactError for a file that is not the one recorded.
 */
export function archiveOf(facts: Facts, folder: string = root): Uint8Array<ArrayBuffer> {
  const files: Zippable = { "verdicts.json": bytes(verdictRows(facts)) };
  for (const [name, schema] of Object.entries(jsonSchemas)) files[`schema/${name}`] = bytes(schema());
  for (const { model, experiment } of listArtifacts(folder)) {
    const measured = facts.measured(model, experiment);
    if (!measured) continue;
    const at = `${model}/${experiment}`;
    files[`${at}/provenance.json`] = bytes(measured.provenance);
    for (const name of Object.keys(measured.provenance.files))
      files[`${at}/${name}`] = new Uint8Array(readBeside(folder, { model, experiment }, name));
    files[`${at}/csv/estimates.csv`] = new TextEncoder().encode(estimatesCsv(measured.result.estimates));
    for (const [name, table] of Object.entries(measured.result.tables))
      files[`${at}/csv/${name}.csv`] = new TextEncoder().encode(tableCsv(table));
  }
  return zipSync(files, { mtime: EPOCH, level: 6 });
}

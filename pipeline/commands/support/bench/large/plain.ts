import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readVault } from "../../../../artifacts/content-files.ts";
import type { Vault } from "../../../../artifacts/vault.ts";

/** Writes the text of a large vault, frontmatter's too, as Markdown with a title: what other site generators build from. Returns the number of pages. */
export function writePlain(root: string, folder: string): number {
  const vault = readVault(root);
  const plain = plainer(vault);
  const pages: [path: string, title: string, parts: readonly string[]][] = [
    ["index", "A large vault", ["Notes, lines, sources and topics of a bench."]],
    ...vault.notes.map(({ id, data, body }): [string, string, string[]] => [
      `notes/${id}`,
      data.title,
      [
        data.standfirst,
        "## Claims",
        ...data.claims.flatMap(({ statement, scope, predictions, limit, sources }) => [
          `### ${statement}`,
          `Unit: ${scope.unit}. Layers: ${scope.layers}. Models: ${scope.models}. Corpus: ${scope.corpus}.`,
          ...predictions.map((each) => `- ${each.statement} ${each.basis}`),
          ...sources.map((each) => `- [${each.source}](/sources/${each.source}/), ${each.locator}: ${each.remark}`),
          `Limit: ${limit}`,
        ]),
        plain(body),
        "## What this model cannot say",
        ...data.silent.map((each) => `- ${each}`),
        "## Related",
        ...data.related.map(({ note, why }) => `- [${note}](/notes/${note}/): ${why}`),
      ],
    ]),
    ...vault.lines.map(({ id, data, body }): [string, string, string[]] => [
      `inquiring-lines/${id}`,
      data.title,
      [data.standfirst, plain(body), ...data.change.map(({ what }) => what), ...data.next.map(({ why }) => why)],
    ]),
    ...vault.sources.map(({ id, data, body }): [string, string, string[]] => [
      `sources/${id}`,
      data.title,
      [data.abstract, body],
    ]),
    ...vault.topics.map(({ id, data }): [string, string, string[]] => [
      `topics/${id}`,
      data.title,
      [data.question, data.about],
    ]),
    ...vault.experiments.map(({ id, data, body }): [string, string, string[]] => [
      `experiments/${id}`,
      data.title,
      [data.question, data.quantity, data.data, body],
    ]),
  ];
  for (const [path, title, parts] of pages) {
    const file = join(folder, `${path}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `---\ntitle: ${JSON.stringify(title)}\n---\n\n${parts.join("\n\n")}\n`);
  }
  return pages.length;
}

/** Our components as a reader sees them: citations as links, figures as their captions, values as figures. */
function plainer(vault: Vault): (body: string) => string {
  const titles = new Map(vault.notes.map(({ id, data }) => [id, data.title]));
  return (body) =>
    body
      .replace(/<Cite note="([^"]+)" \/>/g, (_, id: string) => `[${titles.get(id)}](/notes/${id}/)`)
      .replace(/<Source id="([^"]+)"[^>]*\/>/g, "[$1](/sources/$1/)")
      .replace(/<Value [^>]*\/>/g, "0.42 [0.38, 0.47]")
      .replace(/<SoundingLog .*caption="([^"]+)" \/>/g, "*$1*")
      .replace(/<\/?(Claim|Term)[^>]*>/g, "");
}

import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isScalar, parseDocument, visit } from "yaml";
import { canonicalJson } from "../../../pipeline/artifacts/canonical-json.ts";
import { sha256Of } from "../../../pipeline/artifacts/hash.ts";
import { sealed } from "../../../pipeline/artifacts/seal.ts";

/** The element that stands wherever text became markup; nothing else has this name. */
export const MARK = "x-hostile";

/** Text that would break out of an attribute, an element, a script or a comment, run, and be seen. */
export const HOSTILE = `'"--></title></script></textarea></style>]]><${MARK}><img src=/x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)></svg>[link](javascript:alert(4)) \${7*7} {{7*7}}`;

/** What a spreadsheet would run. */
export const FORMULA = `=HYPERLINK("https://evil.example/","${MARK}")`;

/** What is free text in frontmatter and cards; everything else names something, and schemas hold it to what a name may be. */
const WRITTEN =
  /^(title|standfirst|summary|statement|unit|layers|models|corpus|basis|untestable|what|locator|remark|limit|why|cost|authors|venue|doi|abstract|value|question|about|quantity|data|test|limits|falsifier|short|licence|made|text|silent)$/;
/** The same in artifacts, where `tokens` and `vocabulary` hold what models say. */
const MEASURED = /^(label|title|about|method|per|prompt|cpu|device|node|runtime)$/;

/** Makes a copy of a vault in which every text that somebody, or a model, wrote is hostile. */
export function writeHostileVault(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  for (const name of readdirSync(join(to, "content"), { recursive: true, encoding: "utf8" }))
    if (/\.(mdx|yaml)$/.test(name)) edit(join(to, "content", name), hostileContent);
  const artifacts = join(to, "public/artifacts");
  const files = readdirSync(artifacts, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  // Provenance last: it has the hashes of the others.
  for (const name of files.filter((name) => !name.endsWith("provenance.json"))) edit(join(artifacts, name), resealed);
  for (const name of files.filter((name) => name.endsWith("provenance.json")))
    edit(join(artifacts, name), (text) => resealed(text, (file) => readFileSync(join(artifacts, dirname(name), file))));
}

/** A file of an artifact with hostile texts and the seal that it then has, `files` by their new hashes. */
function resealed(text: string, fileOf?: (name: string) => Buffer): string {
  const { sha256, ...content } = hostileJson(text) as { sha256?: string; files?: Record<string, string> };
  for (const name of Object.keys(fileOf ? (content.files ?? {}) : {})) content.files![name] = sha256Of(fileOf!(name));
  return canonicalJson(sha256 === undefined ? content : sealed(content));
}

const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, "utf8")));

/** An MDX file's frontmatter, or a YAML file. The body of MDX is code, and its author's own. */
function hostileContent(text: string): string {
  const [, head = "", yaml = text, rest = ""] = /^(---\n)([\s\S]*?)(^---\n[\s\S]*)$/m.exec(text) ?? [];
  const document = parseDocument(yaml);
  visit(document, {
    Scalar(_, node, path) {
      const pair = path.findLast((each) => each !== null && typeof each === "object" && "key" in each);
      const key = pair && isScalar(pair.key) ? String(pair.key.value) : "";
      const isKey = pair !== undefined && pair.key === node;
      if (!isKey && typeof node.value === "string" && WRITTEN.test(key)) node.value += ` ${HOSTILE}`;
    },
  });
  return head + document.toString({ lineWidth: 0 }) + rest;
}

const hostileJson = (text: string): unknown =>
  JSON.parse(text, (key: string, value: unknown) => {
    if (key === "tokens" && Array.isArray(value))
      return value.map((each) => (typeof each === "string" ? each + HOSTILE : each));
    if (key === "vocabulary" && typeof value === "object")
      return Object.fromEntries(
        Object.entries(value as Record<string, string>).map(([id, each]) => [id, each + HOSTILE]),
      );
    if (typeof value === "string" && MEASURED.test(key)) return `${FORMULA} ${value} ${HOSTILE}`;
    return value;
  });

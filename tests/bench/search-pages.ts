import { document, documentIds } from "../../pipeline/corpora/document.ts";
import { random } from "../../pipeline/statistics/random.ts";
import type { SearchRecord } from "../../src/facts/search.ts";
import { marksOf } from "../../src/facts/search-text.ts";
import type { SearchPage } from "../../src/integrations/pagefind.ts";

const VERDICTS = ["supported", "contradicted", "mixed", "confounded", "inconclusive", "untested"];
const MODELS = ["one", "two"];
/** Words of a page, about what a note has. */
const WORDS = 350;

/**
 * Pages of running English, no two alike: sentences of the Brown corpus, drawn anew for each. Every page says its own number as
 * `page_<n>`, every hundredth has `d=576` and a sentence of Japanese; the words of two pages are as different as those of two notes.
 */
export function* benchPages(count: number): Generator<SearchPage> {
  const sentences = documentIds().flatMap(({ id }) => document(id).sentences.map(({ text }) => text));
  const draw = random(1);
  const pick = () => sentences[draw.int(sentences.length)]!;
  for (let n = 0; n < count; n++) {
    const body: string[] = [];
    for (let words = 0; words < WORDS; words += body.at(-1)!.split(" ").length) body.push(pick());
    const rare = n % 100 === 0 ? "<p>Its width is <code>d=576</code>. 言語モデルの意味は深さで決まる。</p>" : "";
    yield {
      path: `notes/${n}/index.html`,
      html: `<!doctype html><html lang="en"><head><title>${n}</title></head><body><main data-pagefind-body><span hidden data-pagefind-meta="kind">note</span><h1>${escaped(pick())}</h1><p>${body.map(escaped).join("</p><p>")}</p><p>page_${n}</p>${rare}<span hidden data-pagefind-weight="0">${marksOf({ kind: "note", topics: [`topic-${n % 40}`], verdicts: [] })}</span></main></body></html>`,
    };
  }
}

/** A claim to each page, with a verdict for each of two models. */
export function* benchClaims(count: number): Generator<SearchRecord> {
  const sentences = documentIds().flatMap(({ id }) => document(id).sentences.map(({ text }) => text));
  const draw = random(2);
  const pick = <T>(from: readonly T[]) => from[draw.int(from.length)]!;
  for (let n = 0; n < count; n++) {
    const verdicts = MODELS.map((model) => `${model}:${pick(VERDICTS)}`);
    yield {
      url: `/notes/${n}/#claim`,
      content: `${pick(sentences)} ${pick(sentences)}`,
      meta: { title: pick(sentences), kind: "claim", note: `page_${n}`, verdicts: verdicts.join(" ") },
      traits: { kind: "claim", topics: [], verdicts },
    };
  }
}

const escaped = (text: string) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);

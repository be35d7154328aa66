import type { APIRoute } from "astro";
import { addressOf } from "../facts/addresses.ts";
import { ARCHIVE } from "../facts/archive.ts";
import { absolute, siteTitle, tagline } from "../facts/place.ts";
import { plainMarkdown } from "../facts/plain-markdown.ts";
import { siteFacts } from "../facts/site.ts";
import { twinOf } from "../facts/twins.ts";

/** What the site holds, for language models that read it (llmstxt.org): every link leads to a page's Markdown twin. */
export const GET: APIRoute = () => {
  const { lines, notes, subjects, vault } = siteFacts();
  const entry = (title: string, address: string, about: string) =>
    `- [${plainMarkdown(title)}](${absolute(twinOf(address))}): ${plainMarkdown(about)}`;
  const section = (title: string, entries: string[]) => [`## ${title}`, "", ...entries, ""];
  const text = [
    `# ${siteTitle}`,
    "",
    `> ${tagline}. A research wiki in which every claim carries its own measurement: estimates with intervals and controls, and a verdict for each model.`,
    "",
    "A claim is supported, contradicted, mixed, confounded (its control does it too), inconclusive, untested or untestable; verdicts are computed from registered predictions. All of them in one file: " +
      absolute("/data/verdicts.json"),
    "",
    ...section(
      "Inquiring lines",
      [...lines.values()].map(({ line }) => entry(line.data.title, addressOf.line(line.id), line.data.standfirst)),
    ),
    ...section(
      "Synthesis notes",
      [...notes.values()].map(({ note }) => entry(note.data.title, addressOf.note(note.id), note.data.summary)),
    ),
    ...section(
      "Experiments",
      vault.experiments.map(({ id, data }) => entry(data.title, addressOf.experiment(id), data.question)),
    ),
    ...section(
      "Models",
      subjects.map(({ id, data }) => entry(data.title, addressOf.model(id), data.about)),
    ),
    ...section(
      "Topics",
      vault.topics.map(({ id, data }) => entry(data.title, addressOf.topic(id), data.question)),
    ),
    ...section("Optional", [
      ...vault.sources.map(({ id, data }) => entry(data.title, addressOf.source(id), data.abstract)),
      entry("Glossary", "/glossary/", "the terms used here"),
      entry("Graph", "/graph/", "how the pages hang together"),
      entry("Changes", "/changes/", "what moved each time something was measured again"),
      entry("Gaps", "/gaps/", "claims that nothing has decided yet, with what would and its cost"),
      entry("Data", "/data/", `every table and estimate; all of it in one archive: ${absolute(ARCHIVE)}`),
    ]),
  ];
  return new Response(`${text.join("\n").trimEnd()}\n`, { headers: { "content-type": "text/plain; charset=utf-8" } });
};

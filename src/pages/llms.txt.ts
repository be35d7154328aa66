import type { APIRoute } from "astro";
import { addressOf } from "../facts/addresses.ts";
import { absolute, siteTitle, tagline } from "../facts/place.ts";
import { siteFacts } from "../facts/site.ts";
import { twinOf } from "../facts/twins.ts";

/** What the site holds, for language models that read it (llmstxt.org): every link leads to a page's Markdown twin. */
export const GET: APIRoute = () => {
  const { lines, notes, subjects, vault } = siteFacts();
  const entry = (title: string, address: string, about: string) =>
    `- [${title}](${absolute(twinOf(address))}): ${about}`;
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
    ...section("Optional", [
      ...vault.sources.map(({ id, data }) => entry(data.title, addressOf.source(id), data.abstract)),
      entry("Glossary", "/glossary/", "the terms used here"),
      entry("Gaps", "/gaps/", "claims that nothing has measured yet"),
      entry("Data", "/data/", "every table and estimate"),
    ]),
  ];
  return new Response(`${text.join("\n").trimEnd()}\n`, { headers: { "content-type": "text/plain; charset=utf-8" } });
};

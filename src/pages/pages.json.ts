import type { APIRoute } from "astro";
import { addressOf } from "../facts/addresses.ts";
import { siteFacts } from "../facts/site.ts";
import { tracePrompts } from "../facts/traces.ts";

/** Every page that someone may have meant, as [address from where the site begins, title]: for the 404 page's script. */
export const GET: APIRoute = () => {
  const facts = siteFacts();
  const { vault, subjects, defaultModel } = facts;
  const of = (entries: readonly { id: string; data: { title: string } }[], address: (id: string) => string) =>
    entries.map(({ id, data }) => [address(id), data.title] as const);
  const pages = [
    ...of(vault.lines, addressOf.line),
    ...of(vault.notes, addressOf.note),
    ...of(vault.sources, addressOf.source),
    ...of(vault.topics, addressOf.topic),
    ...of(subjects, addressOf.model),
    ...of(vault.experiments, addressOf.experiment),
    ...of(vault.glossary, addressOf.term),
    ...(facts.measured(defaultModel.id, "traces")
      ? tracePrompts(facts).map(({ id, text }) => [addressOf.trace(defaultModel.id, id), text] as const)
      : []),
  ];
  return Response.json(pages.map(([address, title]) => [address.slice(1), title]));
};

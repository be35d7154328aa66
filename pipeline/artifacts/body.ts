import GithubSlugger from "github-slugger";
import type { Root } from "mdast";
import { toString as plain } from "mdast-util-to-string";
import { mdxToMdast } from "satteri";
import { visitParents } from "unist-util-visit-parents";
import { COMPONENTS, type Mention, mentionsOf } from "./mentions.ts";
import type { Entry, Vault } from "./vault.ts";

/** What an MDX body says of other things. Lines are the body's own, from 1. */
export interface Body {
  readonly mentions: readonly Mention[];
  /** Where its links and images lead, of Markdown and of HTML elements alike. */
  readonly links: readonly { readonly address: string; readonly line: number }[];
  /** Components that there aren't. */
  readonly strangers: readonly { readonly name: string; readonly line: number }[];
  /** Ids of its headings, as the site makes them (github-slugger). */
  readonly headings: readonly string[];
}

/** Everything of a vault that has a body. */
export const bodiesOf = (vault: Vault): Entry<unknown>[] => [
  ...vault.lines,
  ...vault.notes,
  ...vault.sources,
  ...vault.topics,
  ...vault.experiments,
  ...vault.glossary,
];

/** Where in a body something stands; `located` finds the file's line by it. */
export const inBody = (what: string, line: number): string => `${what} in line ${line} of the body`;

const kept = new WeakMap<object, Body>();

/** The body of an entry, read once for as long as its file is the same. Throws where it is not MDX, naming line and column. */
export function readBody(entry: Pick<Entry<unknown>, "body">): Body {
  const body = kept.get(entry) ?? parseBody(entry.body);
  kept.set(entry, body);
  return body;
}

const KNOWN = new Set<string>(["Fragment", ...COMPONENTS]);

function parseBody(text: string): Body {
  const tree = mdxToMdast(text, { features: { math: true } }) as Root;
  const links: Body["links"][number][] = [];
  const strangers: Body["strangers"][number][] = [];
  const headings: string[] = [];
  const slugger = new GithubSlugger();
  visitParents(tree, (node) => {
    const line = node.position?.start.line ?? 1;
    if (node.type === "heading") headings.push(slugger.slug(plain(node)));
    if (node.type === "link" || node.type === "image" || node.type === "definition")
      links.push({ address: node.url, line });
    if (node.type !== "mdxJsxTextElement" && node.type !== "mdxJsxFlowElement") return;
    if (node.name && /^\p{Lu}/u.test(node.name) && !KNOWN.has(node.name)) strangers.push({ name: node.name, line });
    for (const each of node.attributes)
      if (each.type === "mdxJsxAttribute" && ["href", "src"].includes(each.name) && typeof each.value === "string")
        links.push({ address: each.value, line });
  });
  return { mentions: mentionsOf(tree), links, strangers, headings };
}

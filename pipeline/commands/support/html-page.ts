import { Parser } from "htmlparser2";

/** A link or a resource that a page names. */
export interface Reference {
  readonly tag: string;
  readonly attribute: string;
  readonly address: string;
  /** Whether the browser fetches it by itself, unlike a link that a reader follows. */
  readonly fetched: boolean;
}

export interface Page {
  readonly ids: ReadonlySet<string>;
  readonly duplicateIds: readonly string[];
  readonly references: readonly Reference[];
  readonly title: string;
  readonly canonical?: string;
}

/** Attributes that hold an address, by tag; `*` is any tag. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  area: ["href"],
  link: ["href"],
  script: ["src"],
  img: ["src", "srcset"],
  source: ["src", "srcset"],
  video: ["src", "poster"],
  audio: ["src"],
  iframe: ["src"],
  embed: ["src"],
  object: ["data"],
  use: ["href", "xlink:href"],
  image: ["href", "xlink:href"],
  form: ["action"],
  "*": ["data-card", "data-address"],
};
const FOLLOWED = new Set(["a", "area", "form"]);
/** Relations of `<link>` that a browser fetches. */
const FETCHED_LINKS = /\b(stylesheet|icon|preload|modulepreload|prefetch|manifest|apple-touch-icon)\b/;

/** Ids and addresses of one HTML page. */
export function readPage(html: string): Page {
  const ids = new Set<string>();
  const duplicateIds: string[] = [];
  const references: Reference[] = [];
  let canonical: string | undefined;
  let title = "";
  let inTitle = false;
  const parser = new Parser({
    onopentag(tag, attributes) {
      const { id } = attributes;
      if (id !== undefined) {
        if (ids.has(id)) duplicateIds.push(id);
        ids.add(id);
      }
      // An old way of naming an anchor, which browsers still follow.
      if (tag === "a" && attributes.name) ids.add(attributes.name);
      inTitle = tag === "title" && title === "";
      if (tag === "link" && attributes.rel === "canonical") canonical = attributes.href;
      for (const attribute of [...(ADDRESSES[tag] ?? []), ...ADDRESSES["*"]!]) {
        const value = attributes[attribute];
        if (value === undefined) continue;
        const fetched =
          tag === "link"
            ? FETCHED_LINKS.test(attributes.rel ?? "")
            : !FOLLOWED.has(tag) && !attribute.startsWith("data-");
        const addresses =
          attribute === "srcset" ? value.split(",").map((each) => each.trim().split(/\s+/)[0] ?? "") : [value.trim()];
        for (const address of addresses) references.push({ tag, attribute, address, fetched });
      }
    },
    ontext(text) {
      if (inTitle) title += text;
    },
    onclosetag(tag) {
      if (tag === "title") inTitle = false;
    },
  });
  parser.end(html);
  return { ids, duplicateIds, references, title: title.trim(), canonical };
}

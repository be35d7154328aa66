/** Parts of the site whose pages have cards, and the folder of the cards. */
const FOLDERS: Record<string, string> = {
  "inquiring-lines": "lines",
  notes: "notes",
  sources: "sources",
  topics: "topics",
  models: "models",
  experiments: "experiments",
};

/**
 * Where the card of a page is, by the page's own address, a claim's by that of its note; undefined where it has none, or is the page `from` which one looks
 * at, where only the claims of other pages and the glossary's terms are worth a card. `home` is where the site begins.
 */
export function cardAddress(href: string, home: string, from: string): string | undefined {
  const target = new URL(href, from);
  const start = new URL(home).pathname;
  if (target.origin !== new URL(home).origin || !target.pathname.startsWith(start)) return undefined;
  if (target.pathname === new URL(from).pathname) return undefined;
  const [part = "", id = "", ...rest] = target.pathname.slice(start.length).split("/");
  const anchor = target.hash.slice(1);
  const card = (folder: string) => new URL(`cards/${folder}/`, home).href;
  if (part === "glossary" && id === "" && anchor) return card(`terms/${anchor}`);
  // `/models/compare/` and lists are no things; what lies deeper is no page of its own kind.
  if (id === "" || id === "compare" || rest.join("") !== "") return undefined;
  const folder = FOLDERS[part];
  return folder && card(`${folder}/${id}`) + (part === "notes" ? target.hash : "");
}

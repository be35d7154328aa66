import { chooseModel } from "./model-switch.ts";
import { forgetRecent, recentPages } from "./recent-pages.ts";
import type { Options } from "./search-fields.ts";
import { siteTop } from "./site-top.ts";
import { setTheme } from "./theme.ts";

/** A line of the palette that is not found by the search: it leads somewhere, or does something and says so. */
export interface Entry {
  text: string;
  /** What it is found by, where that is more than its text. */
  said?: string;
  aside?: string;
  href?: string;
  act?: () => string;
}

const PLACES: readonly (readonly [string, string, string])[] = [
  ["Home", "", "g h"],
  ["Inquiring lines", "inquiring-lines/", "g l"],
  ["Notes", "notes/", "g n"],
  ["Sources", "sources/", "g s"],
  ["Topics", "topics/", "g t"],
  ["Models", "models/", "g m"],
  ["Experiments", "experiments/", "g e"],
  ["Traces", "traces/", "g r"],
  ["Units", "units/", ""],
  ["Graph", "graph/", ""],
  ["Glossary", "glossary/", "g g"],
  ["Data", "data/", "g d"],
  ["Changes", "changes/", ""],
  ["Gaps", "gaps/", ""],
  ["About", "about/", ""],
];

const THEMES = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "The system’s"],
] as const;

/** The pages read last, without this one. */
export const recentEntries = (): Entry[] =>
  recentPages()
    .filter(({ path }) => path !== location.pathname)
    .slice(0, 5)
    .map(({ path, title, kind }) => ({ text: title, aside: kind === "term" ? "glossary" : kind, href: path }));

export const placeEntries = ({ units }: Options): Entry[] =>
  PLACES.filter(([, place]) => units || place !== "units/").map(([text, place, keys]) => ({
    text,
    said: `go to ${text}`,
    aside: keys,
    href: new URL(place, siteTop()).href,
  }));

export const commandEntries = (options: Options): Entry[] => [
  ...options.model.map(([id, title]) => ({
    text: `Show verdicts and figures of ${title}`,
    act: () => {
      chooseModel(id);
      return `${title} is shown for this visit.`;
    },
  })),
  ...THEMES.map(([theme, name]) => ({
    text: `${name} theme`,
    act: () => {
      setTheme(theme);
      return `${name} theme.`;
    },
  })),
  {
    text: "Forget the pages that I read",
    act: () => {
      forgetRecent();
      return "Forgotten.";
    },
  },
];

/** Those whose words begin with the words that were typed, each of them. */
export function matching(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ text, said = text }) => {
    const own = said.toLowerCase().split(/[\s-]+/);
    return words.every((word) => own.some((each) => each.startsWith(word)));
  });
}

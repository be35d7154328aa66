import type { Verdict } from "../../pipeline/artifacts/verdict.ts";
import type { Track } from "../charts/chart-data.ts";
import { verdictShapes } from "../charts/verdict-shapes.ts";
import { COLOURS, verdictColours } from "./colours.ts";
import { box, type Drawn, svg } from "./element.ts";
import { cardLog } from "./log.ts";

/** What stands on the picture that other sites show beside a link to a page. Everything that the picture depends on. */
export interface CardFacts {
  /** The kind of page. */
  readonly label: string;
  readonly title: string;
  /** What the wiki calls itself, and what it is. */
  readonly site: string;
  readonly tagline: string;
  /** One mark for each claim, in the order of the page. */
  readonly verdicts: readonly Verdict[];
  /** `8 claims · 6 notes`, or who wrote it. */
  readonly about: string;
  /** A quantity over depth that the page's claims speak of. */
  readonly track?: Track;
}

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;

/** The picture's elements, for satori: the question, its verdicts, one curve. */
export function socialCard({ label, title, site, tagline, verdicts, about, track }: CardFacts): Drawn {
  return box(
    {
      boxSizing: "border-box",
      width: CARD_WIDTH,
      height: CARD_HEIGHT,
      padding: "58px 64px",
      background: COLOURS.paper,
      color: COLOURS.ink,
    },
    box(
      { flexDirection: "column", flexGrow: 1, flexBasis: 0, justifyContent: "space-between", paddingRight: 56 },
      box(
        { flexDirection: "column" },
        text(label.toUpperCase(), { color: COLOURS.accent, fontSize: 20, fontWeight: 600, letterSpacing: 1.8 }),
        box(
          { marginTop: 18, fontFamily: "Serif", fontWeight: 500, fontSize: sizeOf(title), lineHeight: 1.13 },
          cut(title, 150),
        ),
      ),
      box(
        { flexDirection: "column" },
        verdicts.length > 0 &&
          box({ flexWrap: "wrap", marginBottom: 14 }, ...verdicts.slice(0, MOST).map((each) => mark(each))),
        text(about, { color: COLOURS.soft, fontSize: 24 }),
        box(
          { marginTop: 26, paddingTop: 20, borderTop: `2px solid ${COLOURS.hairline}`, alignItems: "baseline" },
          box({ fontFamily: "Serif", fontWeight: 500, fontSize: 30, marginRight: 18 }, site),
          text(tagline, { color: COLOURS.soft, fontSize: 22 }),
        ),
      ),
    ),
    track &&
      box(
        { flexDirection: "column", width: 300 },
        text(cut(track.quantity.label, 26), { fontSize: 22, fontWeight: 600, marginBottom: 2 }),
        text(`${track.quantity.unit && `${track.quantity.unit}, `}over depth`, {
          color: COLOURS.soft,
          fontSize: 19,
          marginBottom: 16,
        }),
        cardLog(track),
      ),
  );
}

/** The most marks that stand on one row or two. */
const MOST = 24;

const text = (words: string, style: Record<string, string | number>) => box({ fontFamily: "Sans", ...style }, words);

const cut = (words: string, letters: number) =>
  words.length > letters ? `${words.slice(0, letters - 1).trimEnd()}…` : words;

/** Long questions in smaller type, so that all stand on the picture. */
const sizeOf = (title: string) => (title.length > 110 ? 42 : title.length > 70 ? 48 : 58);

const mark = (verdict: Verdict) =>
  box(
    { width: 34, height: 36 },
    svg(
      "svg",
      { width: 28, height: 28, viewBox: "0 0 12 12" },
      ...verdictShapes[verdict].map(({ tag, attributes }) => svg(tag, coloured(attributes, verdictColours[verdict]))),
    ),
  );

const coloured = (attributes: Readonly<Record<string, string>>, colour: string) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, value === "currentColor" ? colour : value]),
  );

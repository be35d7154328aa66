import type { Verdict } from "../../pipeline/artifacts/verdict.ts";

/** The light theme's colours (`styles/tokens.css`): a picture has one theme. */
export const COLOURS = {
  paper: "#fcfbf8",
  ink: "#1c1b19",
  soft: "#6b675f",
  hairline: "#ddd8cc",
  accent: "#0b5c7a",
  control: "#a8a296",
} as const;

export const verdictColours: Record<Verdict, string> = {
  supported: "#00704f",
  contradicted: "#b3431a",
  mixed: "#836500",
  confounded: "#7b4a86",
  inconclusive: COLOURS.soft,
  untested: COLOURS.soft,
  untestable: COLOURS.soft,
};

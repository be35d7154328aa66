/**
 * The colours and type of charts, as the site's custom properties: one SVG serves both themes.
 * Vega hands colour strings through untouched, in Node and in the browser.
 */
export const INK = {
  accent: "var(--accent)",
  control: "var(--control)",
  ink: "var(--ink)",
  soft: "var(--soft)",
  hairline: "var(--hairline)",
  paper: "var(--paper)",
  sans: "var(--sans)",
} as const;

/** Dash patterns tell controls from one another, and parts from one another, without colour. */
export const CONTROL_DASHES = [
  [1, 0],
  [6, 3],
  [2, 2.5],
  [8, 2.5, 2, 2.5],
  [1, 3.5],
] as const;
export const PART_DASHES = [
  [6, 2.5],
  [1.5, 2],
  [8, 2, 2, 2],
  [3, 3],
] as const;

/** The light theme's values, for a drawing that leaves its page. tests/charts/figure-file.test.ts holds them to styles/tokens.css. */
export const INK_LIGHT: Readonly<Record<string, string>> = {
  "--accent": "#0b5c7a",
  "--control": "#8f897d",
  "--ink": "#1c1b19",
  "--soft": "#6b675f",
  "--hairline": "#ddd8cc",
  "--paper": "#fcfbf8",
  "--sans": "Inter, system-ui, sans-serif",
};

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

const LIGHT: Record<string, string> = {
  "--accent": "#0b5c7a",
  "--control": "#a8a296",
  "--ink": "#1c1b19",
  "--soft": "#6b675f",
  "--hairline": "#ddd8cc",
  "--paper": "#fcfbf8",
  "--sans": "Inter, system-ui, sans-serif",
};

/** An SVG that stands on its own, in the light theme's colours, for download. Throws on a property without a colour. */
export function standalone(svg: string): string {
  const inked = svg.replace(/="var\((--[a-z]+)\)"/g, (_, name: string) => {
    const colour = LIGHT[name];
    if (colour === undefined) throw new Error(`No colour for ${name} in a standalone chart.`);
    return `="${colour}"`;
  });
  return inked.replace(
    /(<svg[^>]*>)(<title>.*?<\/title><desc>.*?<\/desc>)?/s,
    (_, open: string, words = "") => `${open}${words}<rect width="100%" height="100%" fill="${LIGHT["--paper"]}"/>`,
  );
}

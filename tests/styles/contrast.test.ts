import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const css = readFileSync("src/styles/tokens.css", "utf8");
const tokens = new Map(
  [...css.matchAll(/--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
);

describe.each(["light", "dark"] as const)("the %s colours", (theme) => {
  const colour = (name: string) => tokens.get(name)![theme];

  it.each(["ink", "soft", "accent", "supported", "contradicted", "mixed", "confounded"])(
    "%s can be read on paper and on the wash",
    (name) => {
      expect(contrast(colour(name), colour("paper"))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour(name), colour("wash"))).toBeGreaterThanOrEqual(4.5);
    },
  );

  // WCAG 2.2, 1.4.11: what is needed to understand a drawing.
  it.each(["paper", "wash"])("a control's line stands out from %s", (ground) => {
    expect(contrast(colour("control"), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});

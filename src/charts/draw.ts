import * as vega from "vega";
import * as vegaLite from "vega-lite";
import type { Frame } from "./frame.ts";
import { INK } from "./ink.ts";
import { escapeMarkup } from "./markup.ts";
import { relativePath } from "./relative-path.ts";
import type { Rendered, Words } from "./render.ts";

/** What Vega makes of a specification. */
export type Drawn = Pick<Rendered, "svg" | "vega" | "frame">;

/**
 * Compiles a Vega-Lite specification to Vega and draws it to SVG, without a browser. Throws where a number in the drawing is not
 * finite.
 */
export async function draw(spec: vegaLite.TopLevelSpec, words: Words): Promise<Drawn> {
  const frame = spec.usermeta as unknown as Frame;
  const compiled = vegaLite.compile(spec).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Error });
  try {
    const drawn = await view.toSVG();
    if (/NaN|undefined|Infinity/.test(drawn.replace(/>[^<]*</g, "><")))
      throw new Error(
        `The chart "${words.title}" holds a number that is not finite; look at its table for empty or infinite cells.`,
      );
    return { svg: finish(drawn, words, frame), frame, vega: compiled };
  } finally {
    view.finalize();
  }
}

/** Vega's SVG made ours: its size as a view box, its words, no namespaces that HTML doesn't need. */
function finish(drawn: string, words: Words, frame: Frame): string {
  const origin = /<svg[^>]*>.*?translate\(([\d.]+),([\d.]+)\)/s.exec(drawn);
  if (!origin) throw new Error(`Vega drew nothing for the chart "${words.title}".`);
  // Vega guesses the width of text without a browser; the plots' own measures are exact.
  const [x, y] = [Number(origin[1]) - frame.left, Number(origin[2]) - frame.top].map((n) => Math.round(n * 100) / 100);
  const [width, height] = [frame.left + frame.width, frame.top + frame.height].map(Math.ceil) as [number, number];
  const head = `<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}"><title>${escapeMarkup(words.title)}</title><desc>${escapeMarkup(words.description)}</desc>`;
  const body = drawn
    .replace(/^.*?<svg[^>]*>/s, head)
    .replace(/<rect width="[\d.]+" height="[\d.]+" fill="transparent"\s*(\/>|><\/rect>)/, "")
    .replace(
      / class="mark-[^"]*"| role="graphics-(?:object|symbol)"| aria-hidden="true"| pointer-events="none"| aria-roledescription="[^"]*"/g,
      "",
    )
    .replace(/<path class="(?:background|foreground)"[^>]*\/>/g, "")
    .replace(/<path [^>]*display="none"\/>/g, "")
    // Coordinates only, in pixels: a label's 0.402 is not ours to shorten.
    .replace(/<[^>]+>/g, (tag) =>
      shorter(tag.replace(/ d="([^"]*)"/, (_, data: string) => ` d="${relativePath(data)}"`)),
    )
    .replace('<g fill="none"', `<g font-family="${INK.sans}" fill="none"`);
  return withoutBare(withoutEmpty(body));
}

/** A tag without what it would have anyway: most of what a chart weighs is said again at each of its marks. */
const shorter = (tag: string): string =>
  rounded(tag, 2)
    .replace(` font-family="${INK.sans}"`, "")
    .replace(/ transform="translate\(0,0\)"| text-anchor="start"| stroke-width="0"/g, "");

/** The figures of a tag with no more than so many decimals. */
const rounded = (tag: string, decimals: number): string =>
  tag.replace(/-?\d+\.\d+/g, (figure) => String(Math.round(Number(figure) * 10 ** decimals) / 10 ** decimals));

/** Groups that say nothing of what they hold give way to it. */
function withoutBare(svg: string): string {
  const open: boolean[] = [];
  return svg.replace(/<g>|<g [^>]*>|<\/g>/g, (tag) => {
    if (tag !== "</g>") open.push(tag !== "<g>");
    return (tag === "</g>" ? open.pop() : open.at(-1)) ? tag : "";
  });
}

/** Groups that hold nothing, removed from the inside out. */
function withoutEmpty(svg: string): string {
  const thinner = svg.replace(/<g[^>]*\/>/g, "").replace(/<g[^>]*><\/g>/g, "");
  return thinner === svg ? svg : withoutEmpty(thinner);
}

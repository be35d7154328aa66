import { parse, type Spec, View, Warn } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { type Frame, nearest, placeAt } from "../charts/frame.ts";

interface ChartFile {
  vega: Spec;
  frame: Frame;
  words: { at: number; words: string }[];
}

export interface LiveChart {
  /** Index of the stop nearest to a point of the window. */
  stopAt(clientX: number, clientY: number): number;
  /** Shows the reading at a stop, or none; returns it in words. */
  read(stop: number | undefined): string;
}

/**
 * Draws the chart of `drawn[data-chart]` once more with Vega, over the still drawing. Expressions are interpreted, never compiled:
 * the content-security policy allows no evaluation. Throws when the specification cannot be fetched; the still drawing stays.
 */
export async function bringToLife(drawn: HTMLElement): Promise<LiveChart> {
  const response = await fetch(drawn.dataset.chart ?? "");
  if (!response.ok)
    throw new Error(`The chart's specification could not be fetched: ${response.status} ${response.url}`);
  const { vega, frame, words } = (await response.json()) as ChartFile;
  const still = drawn.querySelector("svg")!;
  const holder = document.createElement("div");
  holder.className = "live-chart";
  holder.ariaHidden = "true";
  const view = new View(parse(vega, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "svg",
    container: holder,
    hover: false,
    logLevel: Warn,
  });
  drawn.append(holder);
  await view.runAsync();
  crop(holder, frame);
  drawn.classList.add("live");
  const stops = words.map(({ at }) => at);
  return {
    stopAt(clientX, clientY) {
      const box = still.getBoundingClientRect();
      const scale = (frame.left + frame.width) / box.width;
      return nearest(stops, placeAt(frame, (clientX - box.left) * scale, (clientY - box.top) * scale));
    },
    read(stop) {
      view.signal("reading", stop === undefined ? null : stops[stop]).run();
      return stop === undefined ? "" : (words[stop]?.words ?? "");
    },
  };
}

/** The live drawing's view box becomes the still one's: Vega measures words here as it could not at build. */
function crop(holder: HTMLElement, frame: Frame): void {
  const svg = holder.querySelector("svg");
  const origin = svg?.querySelector("g[transform]")?.getAttribute("transform");
  const [x = 0, y = 0] = (origin?.match(/-?[\d.]+/g) ?? []).map(Number);
  svg?.setAttribute(
    "viewBox",
    `${x - frame.left} ${y - frame.top} ${frame.left + frame.width} ${frame.top + frame.height}`,
  );
}

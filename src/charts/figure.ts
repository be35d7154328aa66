import type { Series } from "../../pipeline/artifacts/tables.ts";
import type { Measured } from "../../pipeline/artifacts/verdict.ts";
import { addressOf } from "../facts/addresses.ts";
import type { Facts } from "../facts/facts.ts";
import { count, longDate } from "../facts/numbers.ts";
import { absolute, siteTitle } from "../facts/place.ts";
import { figureTable, type Track, tracksOf } from "./chart-data.ts";
import { curve } from "./curve.ts";
import { describe } from "./describe.ts";
import type { FigureFile } from "./figure-file.ts";
import { type SeriesStyle, stylesOf } from "./panel.ts";
import { type Reading, readingsOf } from "./readings.ts";
import { CHART_CACHE, type Rendered, renderChart } from "./render.ts";
import { soundingLog } from "./sounding-log.ts";

export interface FigureRequest {
  experiment: string;
  quantities?: readonly string[];
  /** Id of a model, or of families; the one that the experiment is shown on first where it is left out. */
  model?: string;
  kind: "log" | "curve";
  /** Tracks in a row on a wide page. */
  columns?: number;
  /** Logarithmic horizontal axis, for curves. */
  logX?: boolean;
  /** What it shows, in a sentence. */
  caption: string;
}

export interface FigureFacts {
  model: { id: string; title: string };
  measured: Measured;
  caption: string;
  tracks: Track[];
  wide: Rendered;
  narrow: Rendered;
  readings: Reading[];
  /** The words under the caption that every figure of this kind needs: what is on the axes, what the band is. */
  key: string;
  /** Every series as it is drawn, the measurement first. */
  legend: (Series & Pick<SeriesStyle, "colour" | "dash" | "weight" | "shape">)[];
}

const known = new WeakMap<Facts, Map<string, Promise<FigureFacts | undefined>>>();

/**
 * A figure of an artifact, drawn for a page and for a phone; undefined when the model was not measured with that experiment.
 * Put together once, however many pages show it. Throws when the model, a table or a quantity isn't there.
 */
export function figureOf(
  facts: Facts,
  request: FigureRequest,
  cache: string = CHART_CACHE,
): Promise<FigureFacts | undefined> {
  const figures = known.get(facts) ?? new Map<string, Promise<FigureFacts | undefined>>();
  known.set(facts, figures);
  const { experiment, quantities, model, kind, columns, logX, caption } = request;
  const key = JSON.stringify([cache, experiment, quantities, model, kind, columns, logX, caption]);
  const figure = figures.get(key) ?? drawFigure(facts, request, cache);
  figures.set(key, figure);
  return figure;
}

async function drawFigure(facts: Facts, request: FigureRequest, cache: string): Promise<FigureFacts | undefined> {
  const { experiment, kind } = request;
  const model =
    request.model === undefined ? facts.shownFirst(experiment) : facts.subjects.find(({ id }) => id === request.model);
  if (!model)
    throw new Error(
      `A figure of ${experiment} asks for the model "${request.model}"; there are: ${facts.subjects.map((m) => m.id).join(", ")}.`,
    );
  const measured = facts.measured(model.id, experiment);
  if (!measured) return undefined;
  const tracks = tracksOf(measured.result, request.quantities);
  const words = describe(tracks, model.data.title);
  const specification = (size: "wide" | "narrow") =>
    kind === "log"
      ? soundingLog(tracks, size, size === "wide" ? request.columns : Math.min(3, request.columns ?? 3))
      : curve(tracks, size, { log: request.logX });
  const readings = readingsOf(tracks, kind);
  const { key, started } = measured.provenance;
  const address = absolute(addressOf.data(model.id, experiment));
  const file: FigureFile = {
    caption: request.caption,
    credit: `${siteTitle}: ${experiment} on ${model.data.title}, measured ${longDate(started)}. ${address}`,
    description: words.description,
    model: model.id,
    experiment,
    measured: started.slice(0, 10),
    key,
    address,
    table: figureTable(tracks, words.title),
  };
  return {
    model: { id: model.id, title: model.data.title },
    measured,
    caption: request.caption,
    tracks,
    wide: await renderChart(specification("wide"), words, cache, { words: readings, file }),
    narrow: await renderChart(specification("narrow"), words, cache, { words: readings }),
    readings,
    key: keyOf(tracks, kind),
    legend: legendOf(tracks),
  };
}

function legendOf(tracks: readonly Track[]): FigureFacts["legend"] {
  const styles = new Map(stylesOf(tracks).map((style) => [style.series, style]));
  const order = { measurement: 0, part: 1, control: 2 };
  const all = new Map(tracks.flatMap(({ lines }) => lines.map(({ series }) => [series.series, series])));
  return [...all.values()]
    .map((series) => {
      const { colour, dash, weight, shape } = styles.get(series.series)!;
      return { ...series, colour, dash, weight, shape };
    })
    .sort((a, b) => order[a.role] - order[b.role]);
}

function keyOf(tracks: readonly Track[], kind: "log" | "curve"): string {
  const lines = tracks.flatMap((track) => track.lines);
  const banded = lines.some((line) => line.points.some((p) => p.lo !== null && p.hi !== null && p.hi > p.lo));
  const x = tracks.some((track) => track.quantity.x === "depth") ? "depth" : tracks[0]!.quantity.x;
  return [
    kind === "log"
      ? `${tracks.length > 1 ? `${count(tracks.length, "track")} over one axis of ${x}` : `Over ${x}`}, 0 at the top.`
      : "",
    banded ? "Band: 95 % interval." : "",
  ]
    .filter(Boolean)
    .join(" ");
}

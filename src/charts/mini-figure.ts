import type { Facts } from "../facts/facts.ts";
import { tracksOf } from "./chart-data.ts";
import { describe } from "./describe.ts";
import { miniLog } from "./mini-log.ts";
import { type Rendered, renderChart } from "./render.ts";

export interface MiniRequest {
  experiment: string;
  /** The experiment's first quantity when left out. */
  quantity?: string;
  /** The one that the experiment is shown on first when left out. */
  model?: string;
}

const known = new WeakMap<Facts, Map<string, Promise<Rendered | undefined>>>();

/**
 * The smallest log of one quantity; undefined where nothing was measured or the quantity has no curve. Drawn once, however
 * many rows end with it.
 */
export function miniFigure(facts: Facts, { experiment, quantity, model }: MiniRequest): Promise<Rendered | undefined> {
  const figures = known.get(facts) ?? new Map<string, Promise<Rendered | undefined>>();
  known.set(facts, figures);
  const key = JSON.stringify([experiment, quantity, model]);
  const figure = figures.get(key) ?? draw(facts, experiment, quantity, model ?? facts.shownFirst(experiment).id);
  figures.set(key, figure);
  return figure;
}

async function draw(facts: Facts, experiment: string, quantity: string | undefined, model: string) {
  const result = facts.measured(model, experiment)?.result;
  if (!result?.tables.curves || !result.tables.quantities) return undefined;
  const [track] = tracksOf(result, quantity === undefined ? undefined : [quantity]);
  if (!track) return undefined;
  const title = facts.subjects.find(({ id }) => id === model)?.data.title ?? model;
  return renderChart(miniLog(track), describe([track], title));
}

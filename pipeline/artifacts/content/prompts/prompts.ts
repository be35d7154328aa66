import { z } from "zod";
import { GardenPathPrompts } from "./garden-paths.ts";
import { LadderPrompts } from "./ladders.ts";
import { PairPrompts } from "./pairs.ts";
import { SensesPrompts } from "./senses.ts";
import { TaskPrompts } from "./tasks.ts";
import { TracePrompts } from "./traces.ts";
import { TriplesPrompts } from "./triples.ts";

/** A set of prompts of any kind; its `kind` says which. */
export const Prompts = z.discriminatedUnion("kind", [
  SensesPrompts,
  TaskPrompts,
  PairPrompts,
  TriplesPrompts,
  GardenPathPrompts,
  LadderPrompts,
  TracePrompts,
]);

export type Prompts = z.infer<typeof Prompts>;

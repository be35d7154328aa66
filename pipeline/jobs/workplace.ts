import { fileURLToPath } from "node:url";
import type { ModelCard } from "../artifacts/content/model-card.ts";
import type { Runtime } from "../engine/runtime.ts";
import { isCached } from "../models/cache.ts";
import type { PullOptions } from "../models/pull.ts";
import type { OpenedLanguageModel, OpenOptions } from "../runtime/open-model.ts";

/** A model with what experiments need beside it; of the runtime only the types are taken here. */
export type OpenedModel = OpenedLanguageModel;
export type Machine = OpenOptions;

/** Where measuring happens, and how it gets at a model: what tests replace by a small vault and a small model. */
export interface Workplace {
  readonly root: string;
  open(card: ModelCard, machine: Machine): Promise<OpenedModel>;
  /** Runs graphs of networks that are made or trained here. */
  runtime(machine: Machine): Promise<Runtime>;
  /** Where each unit is to be computed in a process of its own; without it, all are in this one. */
  readonly processes?: {
    /** Calls `serveUnits` with this workplace. */
    readonly script: string;
    readonly args: readonly string[];
    /** Brings a model's weights to this machine, before the first process opens it. */
    fetch(card: ModelCard): Promise<void>;
  };
}

/**
 * The project itself. A model that isn't in the cache is fetched when it is first opened, `shown` as it comes. The
 * engine's runtime is loaded no earlier: a run with nothing to do loads neither.
 */
export function workplaceAt(root: string, shown: (card: ModelCard) => PullOptions & { end(): void }): Workplace {
  const fetch = async (card: ModelCard) => {
    if (isCached(card)) return;
    const { pull } = await import("../models/pull.ts");
    const { end, ...options } = shown(card);
    try {
      await pull(card, options);
    } finally {
      end();
    }
  };
  return {
    root,
    processes: { script: fileURLToPath(new URL("hand-process.ts", import.meta.url)), args: [root], fetch },
    async open(card, machine) {
      await fetch(card);
      const { openLanguageModel } = await import("../runtime/open-model.ts");
      return openLanguageModel(card.id, machine);
    },
    async runtime(machine) {
      const { nodeRuntime } = await import("../runtime/node-runtime.ts");
      return nodeRuntime(machine);
    },
  };
}

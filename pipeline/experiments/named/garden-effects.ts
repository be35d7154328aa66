import type { LanguageModel } from "../../engine/run/language-model.ts";
import { dot } from "../../statistics/dense.ts";
import { type GardenItem, SIDES, type Side } from "./garden-sentences.ts";
import { type AxesAt, heldBeyond, plainAmount, shareHeld, without } from "./item-axes.ts";
import { type Asked, cleanAnswers, type Edited, editedAnswers } from "./removals.ts";

/** A fall of the log-probability of the word that follows, nats. */
export interface Fall {
  /** Along the sense's axis. */
  readonly own: number;
  /** As much along random directions, mean over draws. */
  readonly random: number;
}

/**
 * What is taken out of the noun's stream. `minority`, `majority`: what it holds of a sense beyond other nouns; `set`: as
 * much of the minority sense as plain sentences of it have, whatever the noun holds; `added`: that much put in.
 */
export type Effects = Readonly<Record<Removal, Fall>>;
export type Removal = keyof typeof REMOVALS;

type Amount = (h: Float64Array, axes: AxesAt, sense: Side) => number;
/** Of which sense, by whether the opening speaks for it, and how much. */
const REMOVALS = {
  minority: { favoured: false, amount: heldBeyond },
  majority: { favoured: true, amount: heldBeyond },
  set: { favoured: false, amount: (_, axes, sense) => plainAmount(axes, sense) },
  added: { favoured: false, amount: (_, axes, sense) => -plainAmount(axes, sense) },
} as const satisfies Record<string, { readonly favoured: boolean; readonly amount: Amount }>;
const NAMES = Object.keys(REMOVALS) as Removal[];

/** Two sentences with one beginning: one turns to the other sense, one goes on. */
export interface PathPair {
  readonly lemma: string;
  readonly item: string;
  /** Sense that the opening speaks for. */
  readonly opening: Side;
  /** Whether each sentence makes its own word likelier than the other's. */
  readonly right: boolean;
  readonly garden: Effects;
  readonly control: Effects;
  /** Log-probability of the control's word, less that of the same word after the same turn with the other cue. */
  readonly cueWeight: number;
  /** Amount taken out at the noun of the garden path, over the stream's norm, mean over depths. */
  readonly taken: number;
  /** [depths] share held of the minority and of the majority sense, and of the minority sense at the other nouns. */
  readonly held: readonly number[];
  readonly heldMajority: readonly number[];
  readonly heldOthers: readonly number[];
}

export interface EffectsOptions {
  /** Depths at which streams are read, and which of them are those of the removal (by index). */
  readonly depths: readonly number[];
  readonly removed: readonly number[];
  readonly signal: AbortSignal;
  progress(share: number): void;
}

/** Every effect on every pair. @param axes of an item, by depth */
export async function pathPairs(
  model: LanguageModel,
  items: readonly GardenItem[],
  axes: readonly (readonly AxesAt[])[],
  { depths, removed, signal, progress }: EffectsOptions,
): Promise<PathPair[]> {
  const places = items.flatMap((_, item) => SIDES.flatMap((cue) => SIDES.map((turn) => ({ item, cue, turn }))));
  const at = (item: number, cue: Side, turn: Side) => 4 * item + 2 * cue + turn;
  const asked = places.map(({ item, cue, turn }): Asked => {
    const { sentences, words } = items[item]!;
    return { ...sentences[cue]![turn]!, word: words[turn], foil: words[1 - turn]! };
  });
  const { answers, streams } = await cleanAnswers(model, asked, depths, signal);
  const draws = axes[0]![0]!.random.length;
  /** The streams at a sentence's noun after a removal, along the sense's axis or a random one. */
  const edited = (place: number, removal: Removal, draw: number | undefined): Edited => {
    const { item, cue } = places[place]!;
    const { favoured, amount } = REMOVALS[removal];
    const sense = favoured ? cue : ((1 - cue) as Side);
    return {
      sentence: asked[place]!,
      streams: removed.map((d) => {
        const h = streams[place]![d]!;
        const at = axes[item]![d]!;
        return without(h, amount(h, at, sense), draw === undefined ? at.unit[sense] : at.random[draw]!);
      }),
    };
  };
  const ways = NAMES.flatMap((removal) =>
    [undefined, ...Array.from({ length: draws }, (_, d) => d)].map((draw) => ({ removal, draw })),
  );
  const runs = places.flatMap((_, place) => ways.map(({ removal, draw }) => edited(place, removal, draw)));
  const removedDepths = removed.map((d) => depths[d]!);
  const after = await editedAnswers(model, runs, removedDepths, progress, signal);
  const fallOf = (place: number, removal: Removal): Fall => {
    const falls = ways.flatMap((way, w) =>
      way.removal === removal ? [answers[place]!.logProbability - after[place * ways.length + w]!.logProbability] : [],
    );
    return { own: falls[0]!, random: falls.slice(1).reduce((sum, x) => sum + x, 0) / draws };
  };
  const effects = (place: number) =>
    Object.fromEntries(NAMES.map((removal) => [removal, fallOf(place, removal)])) as Record<Removal, Fall>;
  return items.flatMap(({ id, lemma }, item) =>
    SIDES.map((opening): PathPair => {
      const other = (1 - opening) as Side;
      const [garden, control, lured] = [at(item, opening, other), at(item, opening, opening), at(item, other, opening)];
      const own = axes[item]!;
      const shares = (sense: Side) =>
        own.map((of, d) => shareHeld(dot(streams[garden]![d]!, of.unit[sense]), of, sense));
      return {
        lemma,
        item: id,
        opening,
        right: answers[garden]!.margin > 0 && answers[control]!.margin > 0,
        garden: effects(garden),
        control: effects(control),
        cueWeight: answers[control]!.logProbability - answers[lured]!.logProbability,
        taken:
          removed.reduce((sum, d) => {
            const h = streams[garden]![d]!;
            return sum + heldBeyond(h, own[d]!, other) / Math.sqrt(dot(h, h));
          }, 0) / removed.length,
        held: shares(other),
        heldMajority: shares(opening),
        heldOthers: own.map((of) => shareHeld(of.floor[other], of, other)),
      };
    }),
  );
}

import type { LanguageModel } from "../../engine/run/language-model.ts";
import { dot } from "../../statistics/dense.ts";
import { type GardenItem, SIDES, type Side } from "./garden-sentences.ts";
import { type AxesAt, heldBeyond, shareHeld, without } from "./item-axes.ts";
import { type Asked, cleanAnswers, type Edited, editedAnswers } from "./removals.ts";

/** Falls of the log-probability of the word that follows, nats. */
export interface Effects {
  readonly minority: number;
  readonly majority: number;
  /** As much taken out along random directions, mean over draws. */
  readonly minorityRd: number;
  readonly majorityRd: number;
}

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
  /** The streams at a sentence's noun with what it holds of a sense taken out, along the sense's axis or a random one. */
  const edited = (place: number, sense: Side, draw: number | undefined): Edited => {
    const own = axes[places[place]!.item]!;
    return {
      sentence: asked[place]!,
      streams: removed.map((d) => {
        const h = streams[place]![d]!;
        const amount = heldBeyond(h, own[d]!, sense);
        return without(h, amount, draw === undefined ? own[d]!.unit[sense] : own[d]!.random[draw]!);
      }),
    };
  };
  const ways = SIDES.flatMap((sense) =>
    [undefined, ...Array.from({ length: draws }, (_, d) => d)].map((draw) => ({ sense, draw })),
  );
  const runs = places.flatMap((_, place) => ways.map(({ sense, draw }) => edited(place, sense, draw)));
  const removedDepths = removed.map((d) => depths[d]!);
  const after = await editedAnswers(model, runs, removedDepths, progress, signal);
  const fall = (place: number, sense: Side): { readonly own: number; readonly random: number } => {
    const falls = ways.flatMap((way, w) =>
      way.sense === sense ? [answers[place]!.logProbability - after[place * ways.length + w]!.logProbability] : [],
    );
    return { own: falls[0]!, random: falls.slice(1).reduce((sum, x) => sum + x, 0) / draws };
  };
  const effects = (place: number, opening: Side): Effects => {
    const [minority, majority] = [fall(place, (1 - opening) as Side), fall(place, opening)];
    return {
      minority: minority.own,
      majority: majority.own,
      minorityRd: minority.random,
      majorityRd: majority.random,
    };
  };
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
        garden: effects(garden, opening),
        control: effects(control, opening),
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

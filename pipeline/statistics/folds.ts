import { random } from "./random.ts";

/** Indices of the examples to train on and of those held out. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * k folds in which a group (a cue word, a lemma) is never on both sides. Groups are dealt out class by class, the
 * largest first and each to the fold that has fewest of its class, so that folds are alike in their classes.
 * @param groups group of each example
 * @param labels class of each example; a group counts as of the class most of it has
 * @throws RangeError on fewer groups than folds, or where a fold's training part would lack a class.
 */
export function groupedFolds(
  groups: ArrayLike<string | number>,
  labels: ArrayLike<number>,
  k: number,
  seed: number,
): Fold[] {
  if (groups.length !== labels.length) throw new RangeError(`${groups.length} groups, but ${labels.length} labels.`);
  const members = new Map<string | number, number[]>();
  for (let i = 0; i < groups.length; i++) members.set(groups[i]!, [...(members.get(groups[i]!) ?? []), i]);
  if (!Number.isInteger(k) || k < 2 || members.size < k) {
    throw new RangeError(`Can't make ${k} folds of ${members.size} groups: at least 2 folds, and a group for each.`);
  }
  const classOf = (of: readonly number[]) => mostCommon(of.map((i) => labels[i]!));
  const dealt = random(seed)
    .shuffle([...members.values()])
    .sort((a, b) => classOf(a) - classOf(b) || b.length - a.length);
  const held: number[][] = Array.from({ length: k }, () => []);
  const ofClass = new Map<string, number>();
  for (const group of dealt) {
    const label = classOf(group);
    const load = (fold: number) => ofClass.get(`${label}/${fold}`) ?? 0;
    let best = 0;
    for (let f = 1; f < k; f++) {
      if (load(f) < load(best) || (load(f) === load(best) && held[f]!.length < held[best]!.length)) best = f;
    }
    held[best]!.push(...group);
    ofClass.set(`${label}/${best}`, load(best) + group.length);
  }
  const classes = new Set(Array.from(labels));
  return held.map((test, f) => {
    const outside = new Set(test);
    const train = Int32Array.from({ length: groups.length }, (_, i) => i).filter((i) => !outside.has(i));
    const seen = new Set(Array.from(train, (i) => labels[i]!));
    for (const label of classes) {
      if (!seen.has(label)) {
        throw new RangeError(
          `Fold ${f} holds out every example of class ${label}: it needs groups in at least two folds.`,
        );
      }
    }
    return { train, test: Int32Array.from(test).sort() };
  });
}

function mostCommon(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]![0];
}

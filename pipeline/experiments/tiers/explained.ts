/** Positions that are read, what stands around each, and which independent unit and half it belongs to. */
export interface Positions {
  /** Document of each position, 0 … documents − 1. */
  readonly documents: Int32Array;
  /** Half of the documents that each document is in. */
  readonly halves: Uint8Array;
  /** Group of each position by each predictor. */
  readonly predictors: readonly Int32Array[];
}

/** Squared errors and totals of held-out prediction, summed by document. */
export interface Explained {
  /** [documents × columns × predictors] */
  readonly errors: Float64Array;
  /** [documents × columns] */
  readonly totals: Float64Array;
  readonly columns: number;
  readonly predictors: number;
}

/** Weight of the overall mean in a group's mean, in positions: a group seen four times counts half. */
const SHRINK = 4;

/**
 * Held-out prediction of each column by the mean of its group, fitted on one half of the documents and scored on the other,
 * both ways round. Group means are drawn to the fitted half's overall mean, n / (n + 4), the same for every predictor.
 * Columns are standardised (each weighs the same in sums over columns); a column without variance counts as zero.
 * @param values position-major [positions × stride]; `from` the first of `columns` adjacent ones
 */
export function explained(
  values: Float32Array,
  stride: number,
  from: number,
  columns: number,
  { documents, halves, predictors }: Positions,
): Explained {
  const count = halves.length;
  const errors = new Float64Array(count * columns * predictors.length);
  const totals = new Float64Array(count * columns);
  const scale = scales(values, stride, from, columns);
  for (const fitted of [0, 1]) {
    const mean = [0, 1].map(() => new Float64Array(columns));
    const n = [0, 0];
    for (let i = 0; i < documents.length; i++) {
      const half = halves[documents[i]!]!;
      n[half]!++;
      const into = mean[half]!;
      for (let j = 0, at = i * stride + from; j < columns; j++, at++) into[j]! += values[at]!;
    }
    for (const half of [0, 1]) for (let j = 0; j < columns; j++) mean[half]![j]! /= n[half]!;
    const own = mean[1 - fitted]!;
    predictors.forEach((groups, p) => {
      const means = groupMeans(
        values,
        stride,
        from,
        columns,
        groups,
        (i) => halves[documents[i]!] === fitted,
        mean[fitted]!,
      );
      for (let i = 0; i < documents.length; i++) {
        const document = documents[i]!;
        if (halves[document] === fitted) continue;
        const group = groups[i]! * columns;
        for (let j = 0, at = i * stride + from; j < columns; j++, at++) {
          const value = values[at]!;
          const off = (value - means[group + j]!) * scale[j]!;
          errors[(document * columns + j) * predictors.length + p]! += off * off;
          if (p > 0) continue;
          const apart = (value - own[j]!) * scale[j]!;
          totals[document * columns + j]! += apart * apart;
        }
      }
    });
  }
  return { errors, totals, columns, predictors: predictors.length };
}

function scales(values: Float32Array, stride: number, from: number, columns: number): Float64Array {
  const positions = values.length / stride;
  return Float64Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let at = from + j; at < values.length; at += stride) sum += values[at]!;
    const mean = sum / positions;
    let squares = 0;
    for (let at = from + j; at < values.length; at += stride) squares += (values[at]! - mean) ** 2;
    return squares > 0 ? 1 / Math.sqrt(squares / positions) : 0;
  });
}

function groupMeans(
  values: Float32Array,
  stride: number,
  from: number,
  columns: number,
  groups: Int32Array,
  isFitted: (position: number) => boolean,
  overall: Float64Array,
): Float64Array {
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const means = new Float64Array(count * columns);
  const sizes = new Int32Array(count);
  for (let i = 0; i < groups.length; i++) {
    if (!isFitted(i)) continue;
    sizes[groups[i]!]!++;
    const into = groups[i]! * columns;
    for (let j = 0, at = i * stride + from; j < columns; j++, at++) means[into + j]! += values[at]! - overall[j]!;
  }
  for (let g = 0; g < count; g++)
    for (let j = 0; j < columns; j++)
      means[g * columns + j] = overall[j]! + means[g * columns + j]! / (sizes[g]! + SHRINK);
  return means;
}

/**
 * Groups by token id: ids seen at least `least` times in both halves have their own, all others share group 0.
 */
export function tokenGroups(tokens: ArrayLike<number>, halfOf: ArrayLike<number>, least: number): Int32Array {
  const seen = [new Map<number, number>(), new Map<number, number>()];
  for (let i = 0; i < tokens.length; i++) {
    const of = seen[halfOf[i]!]!;
    of.set(tokens[i]!, (of.get(tokens[i]!) ?? 0) + 1);
  }
  const groups = new Map<number, number>();
  return Int32Array.from(tokens, (token) => {
    if (seen.some((of) => (of.get(token) ?? 0) < least)) return 0;
    if (!groups.has(token)) groups.set(token, groups.size + 1);
    return groups.get(token)!;
  });
}

/** Sums over the columns: [documents × predictors] and [documents]. */
export function pooled({ errors, totals, columns, predictors }: Explained): {
  errors: Float64Array;
  totals: Float64Array;
} {
  const documents = totals.length / columns;
  const out = { errors: new Float64Array(documents * predictors), totals: new Float64Array(documents) };
  for (let d = 0; d < documents; d++)
    for (let j = 0; j < columns; j++) {
      out.totals[d]! += totals[d * columns + j]!;
      for (let p = 0; p < predictors; p++)
        out.errors[d * predictors + p]! += errors[(d * columns + j) * predictors + p]!;
    }
  return out;
}

/**
 * The best single predictor of each column, chosen on one half's held-out score and scored on the other, so that choosing
 * doesn't flatter it: errors [documents] summed over columns.
 */
export function bestPredictor({ errors, columns, predictors }: Explained, halves: Uint8Array): Float64Array {
  const documents = halves.length;
  const out = new Float64Array(documents);
  for (let j = 0; j < columns; j++) {
    const score = [0, 1].map(() => new Float64Array(predictors));
    for (let d = 0; d < documents; d++)
      for (let p = 0; p < predictors; p++) score[halves[d]!]![p]! += errors[(d * columns + j) * predictors + p]!;
    const best = score.map((of) => of.reduce((least, value, p) => (value < of[least]! ? p : least), 0));
    for (let d = 0; d < documents; d++) out[d]! += errors[(d * columns + j) * predictors + best[1 - halves[d]!]!]!;
  }
  return out;
}

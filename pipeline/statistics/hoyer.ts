/**
 * Hoyer's sparsity (√d − ‖h‖₁/‖h‖₂)/(√d − 1) of a vector: 0 where all entries are equal in size, 1 for a single one
 * (Hoyer 2004, JMLR 5). NaN for the zero vector.
 * @throws RangeError on fewer than two entries.
 */
export function hoyer(vector: ArrayLike<number>): number {
  const d = vector.length;
  if (d < 2) throw new RangeError(`Hoyer's sparsity needs at least two entries; found ${d}.`);
  let l1 = 0;
  let squares = 0;
  for (let i = 0; i < d; i++) {
    const value = vector[i]!;
    l1 += Math.abs(value);
    squares += value * value;
  }
  return (Math.sqrt(d) - l1 / Math.sqrt(squares)) / (Math.sqrt(d) - 1);
}

/**
 * Share of a vector's squared norm in its largest entries, Σ_top h² / Σ h². NaN for the zero vector.
 * @param share of the entries that count as largest, rounded up to whole entries; default a tenth.
 */
export function topEnergy(vector: ArrayLike<number>, share = 0.1): number {
  if (!(share > 0 && share <= 1)) throw new RangeError(`The share of largest entries lies in (0, 1]; found ${share}.`);
  const squares = new Float64Array(vector.length);
  for (let i = 0; i < squares.length; i++) squares[i] = vector[i]! ** 2;
  squares.sort();
  // 0.1 × 30 is 3.0000000000000004 or thereabouts: don't let the rounding add an entry.
  const count = Math.ceil(share * squares.length - 1e-9);
  let total = 0;
  let top = 0;
  for (let i = 0; i < squares.length; i++) {
    total += squares[i]!;
    if (i >= squares.length - count) top += squares[i]!;
  }
  return top / total;
}

/**
 * Effective rank: the exponential of the entropy (nats) of a spectrum that is normalised to sum 1 (Roy & Vetterli 2007).
 * @param spectrum eigenvalues or singular values (say which where you report it). Values that rounding made slightly
 *   negative count as 0.
 * @throws RangeError where one is clearly negative, or all are 0.
 */
export function effectiveRank(spectrum: ArrayLike<number>): number {
  let total = 0;
  let greatest = 0;
  for (let i = 0; i < spectrum.length; i++) {
    total += Math.max(0, spectrum[i]!);
    greatest = Math.max(greatest, spectrum[i]!);
  }
  if (!(greatest > 0)) throw new RangeError("An effective rank needs at least one value above 0.");
  let entropy = 0;
  for (let i = 0; i < spectrum.length; i++) {
    const value = spectrum[i]!;
    if (value < -1e-6 * greatest)
      throw new RangeError(`Value ${i} of the spectrum is ${value}; expected none below 0.`);
    const p = Math.max(0, value) / total;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return Math.exp(entropy);
}

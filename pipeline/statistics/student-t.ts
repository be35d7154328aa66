import { gammaln } from "simple-statistics";

/** P(T > t) for Student's t with `df` degrees of freedom, over the regularised incomplete beta function. */
export function studentTail(t: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`Student's t needs degrees of freedom above 0; found ${df}.`);
  const half = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}

/** The t with P(T > t) = p, for p in (0, 0.5], by bisection. */
export function studentQuantile(p: number, df: number): number {
  if (!(p > 0 && p <= 0.5)) throw new RangeError(`An upper tail's share lies in (0, 0.5]; found ${p}.`);
  let low = 0;
  let high = 1;
  while (studentTail(high, df) > p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, df) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta I_x(a, b) by Lentz's continued fraction (Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

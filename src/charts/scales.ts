import { fixed, powerOfTen } from "../facts/numbers.ts";

/** Round ends for axes, and how they are written. */

/** An end of an axis, as short as it can be said. */
export function short(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e6 || size < 1e-3) ? powers(size) : Number(size.toPrecision(3)).toLocaleString("en-GB");
  return value < 0 ? `\u2212${text}` : text;
}

/** The figures of one axis, all with as many decimals as the one that needs most: 0, 0.35, 0.40. */
export function axisTexts(values: readonly number[]): string[] {
  const plain = values.map(short);
  if (plain.some((text) => /[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]/.test(text))) return plain;
  const decimals = Math.max(0, ...plain.map((text) => (text.split(".")[1] ?? "").length));
  return decimals === 0 ? plain : values.map((value) => (value === 0 ? "0" : fixed(value, decimals)));
}

function powers(size: number): string {
  const [mantissa = "1", exponent = "0"] = size.toExponential(1).split("e");
  const power = powerOfTen(Number(exponent));
  return mantissa === "1.0" ? power : `${mantissa} × ${power}`;
}

/** The smallest round interval that holds all of these numbers; starts at 0 where they come near it. */
export function niceDomain(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (low === high) [low, high] = low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)];
  if (low > 0 && low < 0.45 * high) low = 0;
  if (high < 0 && high > 0.45 * low) high = 0;
  const step = niceStep((high - low) / 8);
  const round = (x: number) => Number((x * step).toPrecision(12));
  return [round(Math.floor(low / step + 1e-9)), round(Math.ceil(high / step - 1e-9))];
}

/** Round numbers inside [low, high], about `count` of them. */
export function ticks(low: number, high: number, count = 5): number[] {
  const step = niceStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10) * power;
}

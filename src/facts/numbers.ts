/** How numbers are written: no more digits than the interval carries, a true minus sign, the unit once. */

const minus = (text: string) => (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "\u2212"));

/**
 * Decimals that an interval carries: its half-width to one significant digit, to two where that digit is 1
 * (the rounding rule of the Particle Data Group, Review of Particle Physics, introduction §5.3, without its middle case).
 */
export function decimalsOf(lo: number, hi: number): number {
  const half = Math.abs(hi - lo) / 2;
  if (half === 0) return 3;
  const order = Math.floor(Math.log10(half));
  const leading = half / 10 ** order;
  return Math.min(8, Math.max(0, -order + (leading < 2 ? 1 : 0)));
}

/** Making a format takes a thousand times as long as using one: each is made once. */
const formats = new Map<string, Intl.NumberFormat>();

function formatted(value: number, kind: "decimals" | "digits", count: number): string {
  const key = `${kind} ${count}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(
      "en-GB",
      kind === "decimals"
        ? { minimumFractionDigits: count, maximumFractionDigits: count }
        : { maximumSignificantDigits: count },
    );
    formats.set(key, format);
  }
  return minus(format.format(value));
}

/** A number with so many decimals, thousands set apart by a comma. */
export const fixed = (value: number, decimals: number): string => formatted(value, "decimals", decimals);

/** A number that has no interval, to `digits` significant digits. */
export const significant = (value: number, digits = 3): string => formatted(value, "digits", digits);

export interface Interval {
  value: number;
  lo: number;
  hi: number;
  unit: string;
}

export interface Written {
  value: string;
  lo: string;
  hi: string;
  /** `[0.38, 0.47]`; `[2.57, 2.79] × 10⁻⁵` */
  interval: string;
  /** `0.42 [0.38, 0.47]` */
  text: string;
  /** Empty for pure numbers and shares, which are read without one. */
  unit: string;
}

/** The parts of an estimate as pages write it; one whose zeros nobody would count, by a power of ten that its interval shares. */
export function written({ value, lo, hi, unit }: Interval): Written {
  const power = powerOf(value, lo, hi);
  const [v, l, h] = [value, lo, hi].map((each) => each * 10 ** -power) as [number, number, number];
  const decimals = decimalsOf(l, h);
  const times = power === 0 ? "" : ` × ${powerOfTen(power)}`;
  const said = (each: number) => fixed(each, decimals);
  const interval = `[${said(l)}, ${said(h)}]${times}`;
  return {
    value: `${said(v)}${times}`,
    lo: `${said(l)}${times}`,
    hi: `${said(h)}${times}`,
    interval,
    text: `${said(v)}${times} ${interval}`,
    unit: quietUnits.has(unit) ? "" : unit,
  };
}

/** The power of ten by which numbers are written of which none reaches 0.0001; 0 for all others. */
function powerOf(...values: readonly number[]): number {
  const largest = Math.max(...values.map(Math.abs));
  return largest > 0 && largest < 1e-4 ? Math.floor(Math.log10(largest)) : 0;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `10⁻⁵`. The characters stand here as themselves: the fonts are cut to what sources hold. */
export const powerOfTen = (exponent: number): string =>
  `10${String(exponent).replace(/[-\d]/g, (sign) => (sign === "-" ? "⁻" : RAISED[Number(sign)]!))}`;

const quietUnits = new Set(["", "1", "share", "ratio", "cosine", "correlation"]);

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `2026-11-22` as `22 November 2026`. */
export function longDate(day: string): string {
  const [year, month, date] = day.slice(0, 10).split("-").map(Number);
  return `${date} ${months[(month ?? 1) - 1]} ${year}`;
}

/** `1 note`, `6 notes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${fixed(n, 0)} ${n === 1 ? one : many}`;
}

/** `714 B`, `266 KB`, `14.2 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${fixed(bytes / 1e3, 0)} KB` : `${fixed(bytes / 1e6, 1)} MB`;
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${significant(seconds, 2)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${significant(seconds / 3600, 2)} h`;
}

/** How far a difference goes, in half-widths of an interval so wide; of one without width, infinitely far, or not at all. */
export function inHalfWidths(difference: number, width: number): number {
  const distance = Math.abs(difference);
  if (width > 0) return distance / (width / 2);
  return distance > 0 ? Number.POSITIVE_INFINITY : 0;
}

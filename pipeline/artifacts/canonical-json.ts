const DIGITS = 6;

/**
 * JSON that git can show the changes of: keys sorted, LF, two spaces, an array of plain values (a table's row) on one
 * line, a final newline. Numbers that are not whole are rounded to 6 significant digits; whole ones are counts and stay.
 * The same value gives the same bytes on every machine. Throws on what JSON cannot hold (NaN, Infinity, a function, …),
 * with its path.
 */
export function canonicalJson(value: unknown): string {
  return `${write(value, "", "")}\n`;
}

/** The same, on one line and unrounded: for hashing, never for reading. */
export function compactJson(value: unknown): string {
  return JSON.stringify(sorted(value, ""));
}

/** A number as an artifact holds it. */
export function rounded(x: number): number {
  return Number.isInteger(x) ? x + 0 : Number(x.toPrecision(DIGITS));
}

function write(value: unknown, indent: string, path: string): string {
  if (!isContainer(value)) return plain(value, path, rounded);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (!value.some(isContainer)) return `[${value.map((v, i) => plain(v, `${path}[${i}]`, rounded)).join(", ")}]`;
    return `[\n${value.map((v, i) => inner + write(v, inner, `${path}[${i}]`)).join(",\n")}\n${indent}]`;
  }
  const entries = entriesOf(value, path);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, v]) => `${inner}${JSON.stringify(key)}: ${write(v, inner, join(path, key))}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function sorted(value: unknown, path: string): unknown {
  if (!isContainer(value)) return JSON.parse(plain(value, path, (x) => x));
  if (Array.isArray(value)) return value.map((v, i) => sorted(v, `${path}[${i}]`));
  // An array of pairs would lose nothing; an object puts integer-like keys first, which is an order as good as any.
  return Object.fromEntries(entriesOf(value, path).map(([key, v]) => [key, sorted(v, join(path, key))]));
}

function plain(value: unknown, path: string, number: (x: number) => number): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new Error(`Cannot write ${value} at ${path || "the top"}: JSON has finite numbers only.`);
    return JSON.stringify(number(value));
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  throw new Error(`Cannot write a value of type ${typeof value} at ${path || "the top"} as JSON.`);
}

function entriesOf(value: object, path: string): [string, unknown][] {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new Error(
      `Cannot write a ${value.constructor.name} at ${path || "the top"} as JSON: expected a plain object.`,
    );
  return Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null;
const join = (path: string, key: string) => (path ? `${path}.${key}` : key);

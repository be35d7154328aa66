/**
 * How often content or measurements have changed since this process began. `astro dev` loads its configuration and its pages
 * apart, so the count stands where both find it.
 */
const shared = globalThis as { [key: symbol]: number | undefined };
const AGE = Symbol.for("soundings.content-age");

export const contentAge = (): number => shared[AGE] ?? 0;

export function contentChanged(): void {
  shared[AGE] = contentAge() + 1;
}

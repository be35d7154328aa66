import { readFileSync } from "node:fs";

/**
 * Work on a list that the site writes beside its pages: begun by the first look that finds it whole, since it is written while
 * pages are, and at the latest at the end.
 */
export class OnceWritten<T> {
  readonly #file: string;
  readonly #work: (items: readonly T[]) => Promise<void>;
  #begun: Promise<number> | undefined;

  constructor(file: string, work: (items: readonly T[]) => Promise<void>) {
    this.#file = file;
    this.#work = work;
  }

  look(): void {
    try {
      this.#begun ??= this.#begin();
    } catch {
      // Not there, or half written: the next page looks again.
    }
  }

  /** Waits for the work, and returns how many items there were. Throws where the list is not there. */
  async done(): Promise<number> {
    return await (this.#begun ?? this.#begin());
  }

  /** Throws at once, and not in its promise, where the list can't be read. */
  #begin(): Promise<number> {
    const items = JSON.parse(readFileSync(this.#file, "utf8")) as T[];
    return this.#work(items).then(() => items.length);
  }
}

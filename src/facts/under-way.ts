/**
 * What is being made at the moment, by what it is made of: pages are rendered side by side, and may want the same. Who asks for
 * what is under way waits for that.
 */
export class UnderWay<T> {
  readonly #made = new Map<string, Promise<T>>();

  at(key: string, make: () => Promise<T>): Promise<T> {
    const found = this.#made.get(key) ?? make().finally(() => this.#made.delete(key));
    this.#made.set(key, found);
    return found;
  }
}

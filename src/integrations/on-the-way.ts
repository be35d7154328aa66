/** What is under way, up to so much at once. */
export class OnTheWay {
  readonly #most: number;
  readonly #all = new Set<Promise<void>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes one more; comes back when there is room for the next. Throws what one of them failed with. */
  async add(work: Promise<void>): Promise<void> {
    const one = work.then(() => {
      this.#all.delete(one);
    });
    // One that fails stays: whoever waits next is told.
    one.catch(() => {});
    this.#all.add(one);
    if (this.#all.size >= this.#most) await Promise.race(this.#all);
  }

  /** Waits for all. Throws as `add`. */
  async all(): Promise<void> {
    await Promise.all(this.#all);
  }
}

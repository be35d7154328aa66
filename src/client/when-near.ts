import { fillHole } from "./fragment.ts";

/**
 * `<when-near data-fragment>`: what a page would be too heavy with. Its stand-in takes the same room, and gives way to it a screen
 * before a reader comes to it, or when the `details` that it stands in is opened. Where it can't be fetched the stand-in stays, with
 * its links, until the reader comes by again.
 */
class WhenNear extends HTMLElement {
  #watch = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#fill();
    },
    { rootMargin: "100% 0px" },
  );

  connectedCallback(): void {
    this.#watch.observe(this);
  }

  disconnectedCallback(): void {
    this.#watch.disconnect();
  }

  async #fill(): Promise<void> {
    try {
      await fillHole(this);
      this.#watch.disconnect();
    } catch {
      // The stand-in says where all of it is.
    }
  }
}

customElements.define("when-near", WhenNear);

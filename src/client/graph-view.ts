import type { GraphFile } from "../graph/file.ts";

/**
 * `<graph-view>`: under the pointer, or with the focus, a page of the graph keeps its neighbours and the rest steps back.
 * Where the graph is too large for the HTML (`data-file`), it is fetched and drawn on a canvas.
 */
class GraphView extends HTMLElement {
  connectedCallback(): void {
    if (this.dataset.file) {
      void this.#draw(this.dataset.file);
      return;
    }
    const light = (event: Event) => this.#light(nodeOf(event.target));
    this.addEventListener("pointerover", light);
    this.addEventListener("focusin", light);
    this.addEventListener("pointerleave", () => this.#light(undefined));
    this.addEventListener("focusout", () => this.#light(undefined));
  }

  #light(node: string | undefined): void {
    this.classList.toggle("lit", node !== undefined);
    if (node === undefined) return;
    const near = new Set([node]);
    for (const edge of this.querySelectorAll<SVGElement>("[data-a]")) {
      const { a, b } = edge.dataset;
      const own = a === node || b === node;
      edge.classList.toggle("near", own);
      if (own) near.add(a!).add(b!);
    }
    for (const each of this.querySelectorAll<SVGElement>("[data-node]"))
      each.classList.toggle("near", near.has(each.dataset.node!));
  }

  async #draw(file: string): Promise<void> {
    const [answer, { GraphCanvas }] = await Promise.all([fetch(file), import("./graph-canvas.ts")]);
    if (!answer.ok) throw new Error(`${answer.status} for ${file}`);
    const home = document.querySelector<HTMLAnchorElement>("a.name")?.href ?? location.origin;
    const part = this.closest(".graph-part");
    const canvas = new GraphCanvas((await answer.json()) as GraphFile, home);
    canvas.showOnly(shownKinds(part));
    part?.addEventListener("change", () => canvas.showOnly(shownKinds(part)));
    this.replaceChildren(canvas.element, canvas.words);
    canvas.fit();
  }
}

const nodeOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<SVGElement>("[data-node]")?.dataset.node : undefined;

const shownKinds = (part: Element | null): Set<string> =>
  new Set([...(part?.querySelectorAll<HTMLInputElement>("input:checked") ?? [])].map(({ value }) => value));

customElements.define("graph-view", GraphView);

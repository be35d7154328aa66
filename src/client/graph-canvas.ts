import type { NodeKind } from "../facts/graph.ts";
import type { GraphFile } from "../graph/file.ts";
import { make } from "./elements.ts";

/** Pixels from a node within which a pointer means it. */
const REACH = 12;
const COLOURS: Record<NodeKind, string> = {
  line: "--ink",
  note: "--accent",
  experiment: "--mixed",
  source: "--soft",
};

/** A graph on a canvas: the wheel and two fingers zoom, dragging moves it, a page under the pointer is named, a click opens it. */
export class GraphCanvas {
  readonly element = document.createElement("canvas");
  readonly words = make("p", "meta", "Point at a page to see what it is.");
  readonly #graph: GraphFile;
  readonly #home: string;
  #kinds: ReadonlySet<string> = new Set();
  #scale = 1;
  #left = 0;
  #top = 0;
  #pointed: number | undefined;
  #held: { x: number; y: number; moved: boolean } | undefined;
  #asked = 0;

  /** `home`: where the site begins. */
  constructor(graph: GraphFile, home: string) {
    this.#graph = graph;
    this.#home = home;
    this.element.ariaLabel = "The graph. The lists below say the same.";
    this.element.role = "img";
    this.words.role = "status";
    this.element.addEventListener("wheel", (event) => this.#zoom(event), { passive: false });
    this.element.addEventListener("pointerdown", (event) => {
      this.#held = { x: event.offsetX, y: event.offsetY, moved: false };
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    this.element.addEventListener("pointerup", () => {
      if (this.#held && !this.#held.moved && this.#pointed !== undefined)
        location.assign(new URL(this.#graph.nodes[this.#pointed]![0], this.#home));
      this.#held = undefined;
    });
    new ResizeObserver(() => this.fit()).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#ask());
    new MutationObserver(() => this.#ask()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** Links of these kinds alone. */
  showOnly(kinds: ReadonlySet<string>): void {
    this.#kinds = kinds;
    this.#ask();
  }

  /** All of it in view. */
  fit(): void {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    this.element.width = clientWidth * devicePixelRatio;
    this.element.height = clientHeight * devicePixelRatio;
    this.#scale = Math.min(clientWidth / this.#graph.width, clientHeight / this.#graph.height);
    this.#left = (clientWidth - this.#graph.width * this.#scale) / 2;
    this.#top = (clientHeight - this.#graph.height * this.#scale) / 2;
    this.#ask();
  }

  #zoom(event: WheelEvent): void {
    event.preventDefault();
    const by = Math.exp(-event.deltaY * 0.0016);
    this.#left = event.offsetX - (event.offsetX - this.#left) * by;
    this.#top = event.offsetY - (event.offsetY - this.#top) * by;
    this.#scale *= by;
    this.#ask();
  }

  #move(event: PointerEvent): void {
    if (this.#held) {
      const [dx, dy] = [event.offsetX - this.#held.x, event.offsetY - this.#held.y];
      if (Math.hypot(dx, dy) < 3 && !this.#held.moved) return;
      this.#left += dx;
      this.#top += dy;
      this.#held = { x: event.offsetX, y: event.offsetY, moved: true };
      this.#ask();
      return;
    }
    const pointed = this.#nearest(event.offsetX, event.offsetY);
    if (pointed === this.#pointed) return;
    this.#pointed = pointed;
    this.element.style.setProperty("cursor", pointed === undefined ? "grab" : "pointer");
    this.words.textContent = pointed === undefined ? "" : this.#graph.nodes[pointed]![2];
    this.#ask();
  }

  #nearest(x: number, y: number): number | undefined {
    let best: number | undefined;
    let least = REACH;
    for (const [i, [, , , nodeX, nodeY]] of this.#graph.nodes.entries()) {
      const distance = Math.hypot(nodeX * this.#scale + this.#left - x, nodeY * this.#scale + this.#top - y);
      if (distance >= least) continue;
      least = distance;
      best = i;
    }
    return best;
  }

  #ask(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const context = this.element.getContext("2d");
    if (!context) return;
    const { nodes, edges } = this.#graph;
    const styles = getComputedStyle(this.element);
    // A custom property is read as it is written, `light-dark(…)` and all: an element's own colour is resolved.
    const probe = make("i", "");
    this.words.append(probe);
    const colour = (name: string) => {
      probe.style.setProperty("color", `var(${name})`);
      return getComputedStyle(probe).color;
    };
    const [control, accent, ink] = [colour("--control"), colour("--accent"), colour("--ink")];
    const fills = Object.fromEntries(Object.entries(COLOURS).map(([kind, name]) => [kind, colour(name)]));
    probe.remove();
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.element.clientWidth, this.element.clientHeight);
    const at = (i: number): [number, number] => [
      nodes[i]![3] * this.#scale + this.#left,
      nodes[i]![4] * this.#scale + this.#top,
    ];
    for (const lit of [false, true]) {
      context.beginPath();
      for (const [from, to, kind] of edges) {
        if (!this.#kinds.has(kind) || (from === this.#pointed || to === this.#pointed) !== lit) continue;
        context.moveTo(...at(from));
        context.lineTo(...at(to));
      }
      context.strokeStyle = lit ? accent : control;
      context.globalAlpha = lit ? 1 : Math.min(0.5, 600 / edges.length);
      context.stroke();
    }
    context.globalAlpha = 1;
    const size = Math.min(5, Math.max(1.2, 4 * this.#scale));
    for (const [i, [, kind]] of nodes.entries()) {
      const [x, y] = at(i);
      context.fillStyle = fills[kind]!;
      context.fillRect(x - size, y - size, 2 * size, 2 * size);
    }
    if (this.#pointed === undefined) return;
    const [x, y] = at(this.#pointed);
    context.strokeStyle = ink;
    context.strokeRect(x - size - 3, y - size - 3, 2 * size + 6, 2 * size + 6);
    context.font = `13px ${styles.getPropertyValue("--sans")}`;
    context.fillStyle = ink;
    context.fillText(nodes[this.#pointed]![2], x + size + 8, y + 4);
  }
}

import type { Trace } from "../../pipeline/artifacts/schema.ts";
import { spoken } from "../charts/token-text.ts";
import {
  candidatesAt,
  groundsOf,
  labelOf,
  probabilityText,
  QUANTITIES,
  type TraceQuantity,
  wordOf,
} from "../charts/trace-quantities.ts";
import { tokenNode } from "./token-node.ts";
import type { TracePanel } from "./trace-panel.ts";

/**
 * `<trace-explorer>`: makes the heat maps it holds into grids. Arrows, Home and End (with Ctrl: the corners) move one cell that
 * has the focus; Enter, Space or a click opens what the cell holds. The traces are fetched when a map is first touched, unless
 * whoever made the element had them.
 */
export class TraceExplorer extends HTMLElement {
  #quantity: TraceQuantity = QUANTITIES[0]!;
  #traces: Promise<Trace[]> | undefined;
  #panel: TracePanel | undefined;
  #connected = false;

  /** Traces that are there already, one for each map; without them they are fetched from `data-sources`. */
  set traces(traces: Trace[]) {
    this.#traces = Promise.resolve(traces);
  }

  connectedCallback(): void {
    if (this.#connected) return;
    this.#connected = true;
    const toolbar = this.#toolbar();
    const place = this.querySelector(".toolbar");
    if (place) place.replaceWith(toolbar);
    else this.prepend(toolbar);
    this.#tables.forEach((table, map) => {
      table.setAttribute("role", "grid");
      // The grid's own cell takes the focus; a stop at its frame would only repeat it.
      table.parentElement?.removeAttribute("tabindex");
      for (const cell of table.querySelectorAll("td")) cell.tabIndex = -1;
      const first = cellAt(table, 0, 0);
      if (first) first.tabIndex = 0;
      table.addEventListener("keydown", (event) => void this.#key(event, table, map));
      table.addEventListener("click", (event) => {
        const cell = event.target instanceof Element ? event.target.closest("td") : null;
        if (cell) void this.#open(table, map, cell);
      });
      table.addEventListener("focusin", (event) => {
        if (event.target instanceof HTMLTableCellElement) void this.#name(event.target, table, map);
      });
    });
  }

  get #tables(): HTMLTableElement[] {
    return [...this.querySelectorAll<HTMLTableElement>(".trace-map")];
  }

  /** Fetched once; a failure is said where the reader is and may be tried again. */
  #load(): Promise<Trace[]> {
    this.#traces ??= Promise.all(
      (this.dataset.sources ?? "").split(" ").map(async (source) => {
        const response = await fetch(source);
        if (!response.ok) throw new Error(`${response.status} ${source}`);
        return (await response.json()) as Trace;
      }),
    ).catch((error: Error) => {
      this.#traces = undefined;
      this.#say(`The trace could not be fetched (${error.message}). Try again when you are online.`);
      throw error;
    });
    return this.#traces;
  }

  #say(words: string): void {
    const about = this.querySelector(".key-about");
    if (about) about.textContent = words;
  }

  #toolbar(): HTMLFieldSetElement {
    const fieldset = document.createElement("fieldset");
    fieldset.className = "toolbar no-print";
    const legend = document.createElement("legend");
    legend.className = "visually-hidden";
    legend.textContent = "What the cells show";
    fieldset.append(legend);
    for (const quantity of QUANTITIES) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, {
        type: "radio",
        name: "quantity",
        value: quantity.id,
        checked: quantity === this.#quantity,
      });
      input.addEventListener("change", () => void this.#switch(quantity));
      label.append(input, labelOf(quantity));
      fieldset.append(label);
    }
    return fieldset;
  }

  async #switch(quantity: TraceQuantity): Promise<void> {
    const traces = await this.#load();
    this.#quantity = quantity;
    this.#say(quantity.about);
    this.querySelector<HTMLElement>(".hit-key")?.toggleAttribute("hidden", quantity.id !== "top");
    this.#tables.forEach((table, map) => {
      const trace = traces[map]!;
      const grounds = groundsOf(trace, quantity);
      for (const { cell, depth, token } of cellsOf(table)) {
        const value = quantity.value(trace, depth, token);
        const first = candidatesAt(trace, depth, token)[0];
        const top = quantity.id === "top" && first !== undefined;
        const selected = cell.getAttribute("aria-selected");
        cell.className = `${grounds[depth]?.[token] ?? "g0"}${top && first.follows ? " hit" : ""}`;
        if (selected) cell.setAttribute("aria-selected", selected);
        cell.replaceChildren(top ? tokenNode(first.token) : value === null ? "" : quantity.text(value));
      }
    });
  }

  async #key(event: KeyboardEvent, table: HTMLTableElement, map: number): Promise<void> {
    const cell = event.target;
    if (!(cell instanceof HTMLTableCellElement) || event.altKey || event.metaKey) return;
    const { depth, token } = placeOf(cell);
    const last = { depth: table.tBodies[0]!.rows.length - 1, token: table.tBodies[0]!.rows[0]!.cells.length - 2 };
    const corner = event.ctrlKey;
    const moves: Record<string, [number, number]> = {
      ArrowUp: [depth - 1, token],
      ArrowDown: [depth + 1, token],
      ArrowLeft: [depth, token - 1],
      ArrowRight: [depth, token + 1],
      Home: [corner ? 0 : depth, 0],
      End: [corner ? last.depth : depth, last.token],
      PageUp: [Math.max(0, depth - 5), token],
      PageDown: [Math.min(last.depth, depth + 5), token],
    };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      await this.#open(table, map, cell);
    } else if (event.key === "Escape") {
      this.#close();
    } else {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      const next = cellAt(table, ...move);
      if (!next) return;
      await this.#name(next, table, map);
      this.#focus(next, table);
      if (this.#panel) await this.#open(table, map, next);
    }
  }

  #focus(cell: HTMLTableCellElement, table: HTMLTableElement): void {
    for (const other of table.querySelectorAll<HTMLElement>('td[tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    reveal(cell, table, this.#panel?.element);
  }

  /** The cell's name for those who hear it: place, likeliest token, and what the switch shows. */
  async #name(cell: HTMLTableCellElement, table: HTMLTableElement, map: number): Promise<void> {
    const trace = (await this.#load())[map]!;
    const { depth, token } = placeOf(cell);
    const [first] = candidatesAt(trace, depth, token);
    const value = this.#quantity.value(trace, depth, token);
    const shown =
      this.#quantity.id === "top" || value === null
        ? ""
        : `, ${this.#quantity.label} ${this.#quantity.text(value)} ${this.#quantity.unit}`;
    const next = trace.next[token];
    const follows = next === null || next === undefined ? "" : ` (in the text ${spoken(wordOf(trace, next))})`;
    cell.setAttribute(
      "aria-label",
      `Depth ${depth}, after ${spoken(trace.tokens[token]!)}${follows}: ${first ? `${spoken(first.token)}, probability ${probabilityText(first.probability)}` : "nothing"}${shown}`.trim(),
    );
    table.setAttribute("aria-label", trace.prompt);
  }

  async #open(table: HTMLTableElement, map: number, cell: HTMLTableCellElement): Promise<void> {
    const [traces, { tracePanel }] = await Promise.all([this.#load(), import("./trace-panel.ts")]);
    if (!this.#panel) {
      this.#panel = tracePanel(() => this.#close());
      this.append(this.#panel.element);
      // It grows when attention is opened: the chosen cell stays in sight above it.
      new ResizeObserver(() => {
        const chosen = this.querySelector<HTMLTableCellElement>('td[aria-selected="true"][tabindex="0"]');
        if (chosen) reveal(chosen, chosen.closest("table")!, this.#panel?.element);
      }).observe(this.#panel.element);
    }
    const { depth, token } = placeOf(cell);
    for (const old of this.querySelectorAll('[aria-selected="true"]')) old.removeAttribute("aria-selected");
    for (const each of this.#tables) cellAt(each, depth, token)?.setAttribute("aria-selected", "true");
    // The cell's own trace first, then its pair at the same place.
    this.#panel.show([traces[map]!, ...traces.filter((_, other) => other !== map)], depth, token);
    this.#focus(cell, table);
  }

  #close(): void {
    const cell = this.querySelector<HTMLTableCellElement>('td[aria-selected="true"][tabindex="0"]');
    for (const old of this.querySelectorAll('[aria-selected="true"]')) old.removeAttribute("aria-selected");
    this.#panel?.element.remove();
    this.#panel = undefined;
    cell?.focus();
  }
}

const placeOf = (cell: HTMLTableCellElement) => ({
  depth: (cell.parentElement as HTMLTableRowElement).sectionRowIndex,
  token: cell.cellIndex - 1,
});

const cellAt = (table: HTMLTableElement, depth: number, token: number): HTMLTableCellElement | undefined =>
  token < 0 ? undefined : (table.tBodies[0]?.rows[depth]?.cells[token + 1] as HTMLTableCellElement | undefined);

const cellsOf = (table: HTMLTableElement) =>
  [...table.querySelectorAll<HTMLTableCellElement>("td")].map((cell) => ({ cell, ...placeOf(cell) }));

/** Scrolls the map so that the cell is clear of the sticky head and depths, and the page so that it is clear of the panel. */
function reveal(cell: HTMLTableCellElement, table: HTMLTableElement, panel: HTMLElement | undefined): void {
  const frame = table.parentElement!;
  const head = table.tHead!.getBoundingClientRect().height;
  const side = table.tHead!.rows[0]!.cells[0]!.getBoundingClientRect().width;
  const [box, around] = [cell.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (box.left < around.left + side) frame.scrollLeft -= around.left + side - box.left + 4;
  else if (box.right > around.right) frame.scrollLeft += box.right - around.right + 4;
  if (box.top < around.top + head) frame.scrollTop -= around.top + head - box.top + 4;
  else if (box.bottom > around.bottom) frame.scrollTop += box.bottom - around.bottom + 4;
  const now = cell.getBoundingClientRect();
  const floor = Math.min(innerHeight, panel?.getBoundingClientRect().top ?? innerHeight) - 8;
  if (now.bottom > floor) scrollBy(0, now.bottom - floor);
  else if (now.top < 8) scrollBy(0, now.top - 8);
}

customElements.define("trace-explorer", TraceExplorer);

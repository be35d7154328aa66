import type { UnitPiece } from "../../pipeline/artifacts/unit-piece.ts";
import { make } from "./elements.ts";
import { unitView } from "./unit-view.ts";

/**
 * `<unit-list>`: a unit of the list opens to its contexts when its row is pressed, or when the address names it. The block's
 * units are fetched when the first is opened.
 */
class UnitList extends HTMLElement {
  #piece: Promise<UnitPiece> | undefined;

  connectedCallback(): void {
    for (const row of this.querySelectorAll<HTMLTableRowElement>("tr[id]")) {
      const link = row.querySelector<HTMLAnchorElement>("th a")!;
      link.setAttribute("role", "button");
      link.setAttribute("aria-expanded", "false");
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        if (link.getAttribute("aria-expanded") === "true") return this.#close(row);
        history.replaceState(null, "", `#${row.id}`);
        void this.#open(row);
      });
      link.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        link.click();
      });
    }
    window.addEventListener("hashchange", this.#follow);
    this.#follow();
  }

  disconnectedCallback(): void {
    window.removeEventListener("hashchange", this.#follow);
  }

  readonly #follow = (): void => {
    const row = document.getElementById(location.hash.slice(1));
    if (row instanceof HTMLTableRowElement && this.contains(row)) void this.#open(row);
  };

  #close(row: HTMLTableRowElement): void {
    row.querySelector("th a")!.setAttribute("aria-expanded", "false");
    if (row.nextElementSibling?.classList.contains("unit-open")) row.nextElementSibling.remove();
  }

  async #open(row: HTMLTableRowElement): Promise<void> {
    const link = row.querySelector("th a")!;
    if (link.getAttribute("aria-expanded") === "true") return;
    link.setAttribute("aria-expanded", "true");
    const open = make("tr", "unit-open");
    const cell = make("td", "");
    cell.colSpan = row.cells.length;
    cell.append(make("p", "meta", "Fetching the contexts of this block …"));
    open.append(cell);
    row.after(open);
    try {
      const { block, units } = await this.#load();
      const unit = units.find((each) => `unit-${each.unit}` === row.id);
      if (!unit) throw new Error(`There is no ${row.id} among the units of block ${block}.`);
      cell.replaceChildren(unitView(unit, block, this.dataset.model!));
    } catch {
      this.#piece = undefined;
      this.#close(row);
      link.setAttribute("aria-expanded", "false");
      const status = this.querySelector("[role=status]");
      if (status) status.textContent = "The contexts could not be fetched. Press the unit again to try once more.";
    }
  }

  #load(): Promise<UnitPiece> {
    const source = this.dataset.source!;
    this.#piece ??= fetch(source).then((response) => {
      if (!response.ok) throw new Error(`${response.status} ${source}`);
      return response.json() as Promise<UnitPiece>;
    });
    return this.#piece;
  }
}

customElements.define("unit-list", UnitList);

import { addressOf } from "../facts/addresses.ts";
import { type UnitWords, wordOf, wordPiece } from "../facts/unit-words.ts";
import { make } from "./elements.ts";

const MOST = 60;

/** `<unit-search>`: finds the units that go with a token. The index comes in pieces by first letter, when first needed. */
class UnitSearch extends HTMLElement {
  readonly #pieces = new Map<string, Promise<UnitWords>>();
  #asked = 0;

  connectedCallback(): void {
    const form = this.querySelector("form")!;
    const field = form.querySelector("input")!;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", () => void this.#search(field.value));
    const asked = new URLSearchParams(location.search).get("token");
    if (asked !== null) {
      field.value = asked;
      void this.#search(asked);
    }
  }

  async #search(text: string): Promise<void> {
    const turn = ++this.#asked;
    const word = wordOf(text);
    const status = this.querySelector(".unit-search-status")!;
    const list = this.querySelector(".unit-search-results")!;
    if (word === "") {
      status.textContent = "";
      list.replaceChildren();
      return;
    }
    let words: UnitWords;
    try {
      words = await this.#load(wordPiece(word));
    } catch {
      if (turn === this.#asked) status.textContent = "The index could not be fetched. Type again to try once more.";
      return;
    }
    // Another letter was typed meanwhile.
    if (turn !== this.#asked) return;
    const found = Object.hasOwn(words, word) ? words[word]! : [];
    const longer = Object.keys(words).filter((each) => each.startsWith(word) && each !== word);
    const more = longer.length > 0 ? ` Longer: ${longer.slice(0, 8).join(", ")}${longer.length > 8 ? ", …" : ""}.` : "";
    const cut = found.length > MOST ? `, of which ${MOST} are shown` : "";
    status.textContent = `${found.length} ${found.length === 1 ? "unit goes" : "units go"} with “${word}”${cut}.${more}`;
    list.replaceChildren(...found.slice(0, MOST).map((each) => this.#item(each)));
  }

  #item([block, unit, fires]: UnitWords[string][number]): HTMLLIElement {
    const item = make("li", "");
    const link = make("a", "", `block ${block}, unit ${unit}`);
    link.href = addressOf.unit(this.dataset.model!, block, unit);
    item.append(link, make("span", "how", fires ? " fires there" : " raises it"));
    return item;
  }

  #load(piece: string): Promise<UnitWords> {
    // A letter that no word begins with has no file.
    if (!(this.dataset.pieces ?? "").includes(piece)) return Promise.resolve({});
    let words = this.#pieces.get(piece);
    if (!words) {
      const source = `/units/${this.dataset.model}/words/${piece}.json`;
      words = fetch(source).then((response) => {
        if (!response.ok) throw new Error(`${response.status} ${source}`);
        return response.json() as Promise<UnitWords>;
      });
      words.catch(() => this.#pieces.delete(piece));
      this.#pieces.set(piece, words);
    }
    return words;
  }
}

customElements.define("unit-search", UnitSearch);

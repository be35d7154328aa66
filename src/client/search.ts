import { make } from "./elements.ts";
import { type Found, isCommon, isEmpty, search, TOO_COMMON, warm } from "./search-engine.ts";
import { addressOf, type Filter, queryOf, unitsFor } from "./search-fields.ts";
import { wordsOf } from "./search-results.ts";

const PAGE = 15;

/** The search page: results while typing, filters by kind, topic, verdict and model, all of it in the address. */
class SiteSearch extends HTMLElement {
  #form!: HTMLFormElement;
  #list!: HTMLElement;
  #status!: HTMLElement;
  #more!: HTMLButtonElement;
  #run = 0;

  connectedCallback(): void {
    this.#form = this.querySelector("form")!;
    this.#list = this.querySelector(".results")!;
    this.#status = this.querySelector(".results-status")!;
    this.#more = this.querySelector("button.more")!;
    this.#form.hidden = false;
    this.#read();
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => {
      const address = addressOf(queryOf(this.#form));
      // What an address carries besides is someone else's.
      if (address !== location.href) history.replaceState(history.state, "", address);
      void this.#search();
    });
    this.#form.querySelector<HTMLInputElement>("input[type=search]")!.focus();
    warm().catch(() => {});
    void this.#search();
  }

  /** Puts what the address asks for into the fields. */
  #read(): void {
    const asked = new URLSearchParams(location.search);
    for (const field of this.#form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select"))
      field.value = asked.get(field.name) ?? "";
  }

  /** The values of a filter, in the order of its select. */
  #values(name: Filter): [string, string][] {
    const select = this.#form.elements.namedItem(name) as HTMLSelectElement;
    return [...select.options].slice(1).map(({ value, text }) => [value, text]);
  }

  async #search(): Promise<void> {
    const run = ++this.#run;
    const query = queryOf(this.#form);
    this.#more.hidden = true;
    this.#tellUnits(unitsFor(query), query.text.trim());
    if (isEmpty(query) || isCommon(query)) {
      this.#list.replaceChildren();
      this.#status.textContent = isEmpty(query) ? "" : TOO_COMMON;
      return;
    }
    try {
      const models = this.#values("model");
      const found = await search(
        query,
        models.map(([id]) => id),
      );
      if (run === this.#run) await this.#show(found, 0, run, new Map(models), query.model);
    } catch (error) {
      if (run === this.#run)
        this.#status.textContent = `The search index could not be read: ${(error as Error).message}`;
    }
  }

  /** Units are found elsewhere: a link there, where there are any. */
  #tellUnits(address: string | undefined, word: string): void {
    const link = this.querySelector<HTMLAnchorElement>(".search-units a");
    if (!link) return;
    link.parentElement!.hidden = address === undefined;
    link.href = address ?? "";
    link.textContent = `Units that go with “${word}”`;
  }

  async #show(
    found: Found,
    from: number,
    run: number,
    titles: ReadonlyMap<string, string>,
    model: string,
  ): Promise<void> {
    const { total } = found;
    const hits = await Promise.all(found.hits(from, PAGE));
    if (run !== this.#run) return;
    if (from === 0) this.#list.replaceChildren();
    this.#status.textContent = total === 0 ? "Nothing found." : total === 1 ? "1 result" : `${total} results`;
    this.#list.append(
      ...hits.map((hit) => {
        const [head, title, ...rest] = wordsOf(hit, titles, model);
        const link = make("a", "");
        link.href = hit.url;
        link.append(title!);
        const heading = make("h2", "");
        heading.append(link);
        const entry = make("li", "");
        entry.append(head!, heading, ...rest);
        return entry;
      }),
    );
    this.#more.hidden = from + PAGE >= total;
    this.#more.onclick = () => void this.#show(found, from + PAGE, run, titles, model);
  }
}

customElements.define("site-search", SiteSearch);

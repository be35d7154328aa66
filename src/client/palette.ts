import sheet from "../styles/palette.css?url";
import { make } from "./elements.ts";
import { commandEntries, type Entry, matching, placeEntries, recentEntries } from "./palette-entries.ts";
import { type Hit, isCommon, isEmpty, type Query, search, TOO_COMMON, warm } from "./search-engine.ts";
import { addressOf, type Filter, type Options, queryOf, searchOptions, selects, unitsFor } from "./search-fields.ts";
import { wordsOf } from "./search-results.ts";

/** Hits in the palette; the search page has the rest. */
const SHOWN = 7;

/**
 * The palette: a dialog with one field and one list (ARIA's combobox with a listbox), where pages and claims are found while typing,
 * the pages read last and the parts of the site stand before that, and commands are given. A `>` first means commands alone.
 */
class Palette {
  readonly #dialog = make("dialog", "palette");
  readonly #form = make("form", "");
  readonly #field = make("input", "");
  readonly #list = make("div", "palette-list");
  readonly #status = make("p", "palette-status");
  readonly #options: Options;
  #run = 0;
  #at = -1;

  constructor(options: Options) {
    this.#options = options;
    this.#dialog.setAttribute("aria-label", "Search and commands");
    Object.assign(this.#field, { type: "text", name: "q", autocomplete: "off", spellcheck: false });
    this.#field.placeholder = "Search, or > for commands";
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-label": "Search for",
      "aria-expanded": "true",
      "aria-controls": "palette-list",
      "aria-autocomplete": "list",
    }))
      this.#field.setAttribute(name, value);
    this.#list.id = "palette-list";
    this.#list.setAttribute("role", "listbox");
    this.#list.ariaLabel = "Results and commands";
    this.#status.setAttribute("role", "status");
    const close = make("button", "palette-close", "Close");
    close.type = "button";
    close.addEventListener("click", () => this.close());
    const filters = make("div", "palette-filters");
    filters.append(...selects(options), close);
    this.#form.append(this.#field, filters);
    this.#dialog.append(this.#form, this.#list, this.#status);
    document.body.append(this.#dialog);
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => void this.#fill());
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    // What lies beyond the palette is the dialog's own ground.
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.close();
    });
  }

  get open(): boolean {
    return this.#dialog.open;
  }

  /** Opens with a text in its field. */
  show(text: string): void {
    this.#form.reset();
    this.#field.value = text;
    this.#dialog.showModal();
    this.#field.focus();
    void this.#fill();
  }

  close(): void {
    this.#dialog.close();
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#field || event.isComposing) return;
    const options = this.#lines();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      this.#mark((this.#at + step + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      options[Math.max(0, this.#at)]?.click();
    }
  }

  #lines(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  /** The line that Enter follows; the field says it to screen readers. */
  #mark(at: number): void {
    this.#at = at;
    this.#lines().forEach((line, i) => {
      line.ariaSelected = String(i === at);
      if (i !== at) return;
      this.#field.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    });
    if (at < 0) this.#field.removeAttribute("aria-activedescendant");
  }

  async #fill(): Promise<void> {
    const run = ++this.#run;
    const query = queryOf(this.#form);
    const typed = query.text.trim();
    if (typed.startsWith(">")) {
      const found = matching(commandEntries(this.#options), typed.slice(1));
      this.#show([this.#group("Commands", found)], found.length === 0 ? "No such command." : "");
      return;
    }
    if (isEmpty(query)) {
      this.#show(
        [
          this.#group("Read last", recentEntries()),
          this.#group("Go to", placeEntries(this.#options)),
          this.#group("Commands", commandEntries(this.#options)),
        ],
        "",
      );
      return;
    }
    if (isCommon(query)) {
      this.#show([this.#group("Go to, or do", this.#others(query.text))], TOO_COMMON);
      return;
    }
    try {
      await this.#search(query, run);
    } catch (error) {
      if (run === this.#run) this.#show([], `The search index could not be read: ${(error as Error).message}`);
    }
  }

  async #search(query: Query, run: number): Promise<void> {
    const ids = (name: Filter) => this.#options[name].map(([id]) => id);
    const { total, hits } = await search(query, ids("model"));
    if (run !== this.#run) return;
    const typed = query.text.trim();
    const others = typed
      ? matching([...placeEntries(this.#options), ...commandEntries(this.#options)], typed).slice(0, 3)
      : [];
    const units = this.#options.units ? unitsFor(query) : undefined;
    if (units !== undefined) others.unshift({ text: `Units that go with “${typed}”`, aside: "units", href: units });
    const status = total === 0 ? "Nothing found." : total === 1 ? "1 result" : `${total} results`;
    const all = { text: `All ${total} results on the search page`, href: addressOf(query) };
    const show = (found: Hit[]) => {
      if (run !== this.#run) return;
      this.#show(
        [
          this.#group(
            "Found",
            found.map((hit) => this.#hit(hit, query.model)),
          ),
          this.#group("Go to, or do", others),
          this.#group("", total > SHOWN ? [all] : []),
        ],
        status,
      );
    };
    // The first is shown as soon as it is there.
    const pending = hits(0, SHOWN);
    if (pending[0]) show([await pending[0]]);
    show(await Promise.all(pending));
  }

  /** What isn't searched for and goes by the same words. */
  #others(typed: string): Entry[] {
    const all = [...placeEntries(this.#options), ...commandEntries(this.#options)];
    return typed === "" ? [] : matching(all, typed).slice(0, 3);
  }

  #hit(hit: Hit, model: string): Entry & { words: HTMLElement[] } {
    return { text: hit.title, href: hit.url, words: wordsOf(hit, new Map(this.#options.model), model) };
  }

  #group(name: string, entries: readonly (Entry & { words?: HTMLElement[] })[]): HTMLElement | undefined {
    if (entries.length === 0) return undefined;
    const group = make("div", "palette-group");
    group.setAttribute("role", "group");
    group.ariaLabel = name || "More";
    if (name) {
      const head = make("p", "palette-head", name);
      head.ariaHidden = "true";
      group.append(head);
    }
    group.append(...entries.map((entry) => this.#line(entry)));
    return group;
  }

  #line({ text, aside, href, act, words }: Entry & { words?: HTMLElement[] }): HTMLElement {
    // A link can be opened elsewhere, as links can.
    const line = make(href === undefined ? "div" : "a", "palette-line");
    if (href !== undefined) (line as HTMLAnchorElement).href = href;
    line.tabIndex = -1;
    line.setAttribute("role", "option");
    line.ariaSelected = "false";
    line.append(...(words ?? [make("span", "palette-text", text), ...(aside ? [make("span", "hit-on", aside)] : [])]));
    line.addEventListener("pointermove", () => {
      const at = this.#lines().indexOf(line);
      if (at !== this.#at) this.#mark(at);
    });
    line.addEventListener("click", () => {
      if (!act) return this.close();
      this.#status.textContent = act();
      this.#field.select();
    });
    return line;
  }

  #show(groups: readonly (HTMLElement | undefined)[], status: string): void {
    this.#list.replaceChildren(...groups.filter((group) => group !== undefined));
    this.#lines().forEach((line, i) => {
      line.id = `palette-${i}`;
    });
    this.#status.textContent = status;
    this.#mark(this.#lines().length > 0 && this.#field.value.trim() !== "" ? 0 : -1);
  }
}

let made: Promise<Palette> | undefined;

/**
 * Opens the palette with what was typed meanwhile, or closes it if it is open. The first time it fetches its styles and what can
 * be chosen from.
 */
export async function togglePalette(typed: () => string): Promise<void> {
  warm().catch(() => {});
  made ??= Promise.all([searchOptions(), styles()]).then(([options]) => new Palette(options));
  made.catch(() => {
    made = undefined;
  });
  const palette = await made;
  if (palette.open) palette.close();
  else palette.show(typed());
}

const styles = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const link = make("link", "");
    link.rel = "stylesheet";
    link.href = sheet;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error(`${link.href} could not be fetched`)));
    document.head.append(link);
  });

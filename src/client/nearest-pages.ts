import { make } from "./elements.ts";
import { nearest } from "./nearest.ts";

/** How many are offered. */
const SHOWN = 8;

/**
 * On the 404 page: offers the pages whose addresses and titles share most with the address that was asked for, and a search for
 * its words. Without scripts, or where the list of pages can't be fetched, the lines stand there.
 */
class NearestPages extends HTMLElement {
  async connectedCallback(): Promise<void> {
    const list = this.querySelector("ul");
    const { pages, search } = this.dataset;
    const home = document.querySelector<HTMLAnchorElement>("a.name")?.href;
    if (!list || !pages || !search || !home) return;
    const answer = await fetch(pages);
    if (!answer.ok) throw new Error(`${answer.status} for ${pages}`);
    const path = decodeURIComponent(location.pathname);
    const known: [string, string][] = await answer.json();
    const best = nearest(path, known).slice(0, SHOWN);
    const words = path.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const link = (href: string, text: string) => {
      const [item, anchor] = [make("li", ""), make("a", "", text)];
      anchor.href = href;
      item.append(anchor);
      return item;
    };
    const asked = new URLSearchParams({ q: words.slice(-6).join(" ") });
    list.replaceChildren(
      ...best.map(([address, title]) => link(new URL(address, home).href, title)),
      link(`${search}?${asked}`, `Search for “${words.slice(-6).join(" ")}”`),
    );
  }
}

customElements.define("nearest-pages", NearestPages);

/** On the 404 page: keeps the pages whose addresses share most with the one that was asked for. Without scripts all are shown. */
class NearestPages extends HTMLElement {
  connectedCallback(): void {
    const list = this.querySelector("ul");
    if (!list) return;
    const asked = grams(location.pathname);
    const scored = [...list.children].map((item) => {
      const address = item.querySelector("a")?.getAttribute("href") ?? "";
      return { item, score: likeness(asked, grams(address)) };
    });
    scored.sort((a, b) => b.score - a.score);
    list.replaceChildren(...scored.slice(0, Number(list.dataset.count)).map(({ item }) => item));
  }
}

/** Runs of three characters: robust to a missing or mistyped word. */
function grams(address: string): Set<string> {
  const text = ` ${decodeURIComponent(address)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  return new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, i) => text.slice(i, i + 3)));
}

/** Dice's coefficient of two sets. */
function likeness(a: Set<string>, b: Set<string>): number {
  return (2 * [...a].filter((each) => b.has(each)).length) / (a.size + b.size || 1);
}

customElements.define("nearest-pages", NearestPages);

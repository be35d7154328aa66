import { rememberPage } from "./recent-pages.ts";
import { siteTop } from "./site-top.ts";

/** `/` and Ctrl-K open the search, `g` and a letter to a part of the site. Never while someone writes. */
const places: Record<string, string> = {
  h: "",
  l: "inquiring-lines/",
  n: "notes/",
  s: "sources/",
  t: "topics/",
  m: "models/",
  e: "experiments/",
  r: "traces/",
  g: "glossary/",
  d: "data/",
  c: "changes/",
  p: "gaps/",
  k: "graph/",
};

const go = (place: string) => location.assign(new URL(place, siteTop()));

let waiting = 0;

/** What was typed since the palette was asked for: it may still be on its way. */
let early: string | undefined;

/** Opens the palette, which is fetched the first time; where it cannot be, the search page does. */
async function openSearch(): Promise<void> {
  early = "";
  try {
    const { togglePalette } = await import("./palette.ts");
    await togglePalette(() => early ?? "");
  } catch {
    go("search/");
  }
  early = undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    void openSearch();
    return;
  }
  if (event.ctrlKey || event.metaKey || writes(event.target)) return;
  if (early !== undefined) {
    if (event.key === "Backspace") early = early.slice(0, -1);
    else if (event.key.length === 1) early += event.key;
    else return;
    event.preventDefault();
    return;
  }
  // On the search page it is that page's own field's.
  if (event.key === "/") {
    event.preventDefault();
    const field = document.querySelector<HTMLInputElement>("site-search input[type=search]");
    if (field) field.focus();
    else void openSearch();
    return;
  }
  const place = waiting > performance.now() ? places[event.key] : undefined;
  waiting = 0;
  if (place !== undefined) {
    event.preventDefault();
    go(place);
  } else if (event.key === "g") waiting = performance.now() + 1200;
});

document.querySelector(".top a[href$='/search/']:not([aria-current])")?.addEventListener("click", (event) => {
  const { ctrlKey, metaKey, shiftKey, altKey } = event as MouseEvent;
  if (ctrlKey || metaKey || shiftKey || altKey) return;
  event.preventDefault();
  void openSearch();
});

rememberPage();

function writes(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

import { siteTop } from "./site-top.ts";

/** `/` goes to the search, `g` and a letter to a part of the site. Never while someone writes. */
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

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    const field = document.querySelector<HTMLInputElement>("site-search input[type=search]");
    if (field) field.focus();
    else go("search/");
    return;
  }
  const place = waiting > performance.now() ? places[event.key] : undefined;
  waiting = 0;
  if (place !== undefined) {
    event.preventDefault();
    go(place);
  } else if (event.key === "g") waiting = performance.now() + 1200;
});

function writes(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

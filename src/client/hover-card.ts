import { cardAddress } from "./card-address.ts";

/**
 * Cards for links in the text to things that have one, and for claims' sentences (`data-card="/cards/…/"`): a fragment of HTML,
 * fetched when a pointer rests on the link or the keyboard reaches it. Escape closes; touch just follows the link.
 */
const OPEN_AFTER = 220;
const CLOSE_AFTER = 180;

const known = new Map<string, Promise<DocumentFragment>>();
let card: HTMLElement | undefined;
let owner: Element | undefined;
let timer = 0;

function fragment(address: string): Promise<DocumentFragment> {
  const found = known.get(address);
  if (found) return found;
  const asked = fetch(address).then(async (answer) => {
    if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return holder.content;
  });
  // A failure is not kept: the next hover tries again.
  asked.catch(() => known.delete(address));
  known.set(address, asked);
  return asked;
}

async function open(target: Element): Promise<void> {
  const address = addressFor(target);
  if (!address || owner === target) return;
  close();
  owner = target;
  const [file = "", claim] = address.split("#");
  let shown: DocumentFragment;
  try {
    shown = await fragment(file);
  } catch {
    if (owner === target) owner = undefined;
    return;
  }
  if (owner !== target) return;
  card = document.createElement("hover-card");
  card.id = "hover-card";
  card.setAttribute("role", "tooltip");
  // A note's card has those of its claims with it.
  const part = claim ? shown.getElementById(claim) : null;
  card.append((part instanceof HTMLTemplateElement ? part.content : shown).cloneNode(true));
  for (const unseen of card.querySelectorAll("template")) unseen.remove();
  // The card says more than the browser's own hint would.
  target.removeAttribute("title");
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", later(close, CLOSE_AFTER));
  document.body.append(card);
  target.setAttribute("aria-describedby", card.id);
  place(target, card);
}

/** Below the first line of the link, or above it where there is no room; never outside the window. */
function place(target: Element, box: HTMLElement): void {
  const link = target.getClientRects()[0] ?? target.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = link.bottom + 8 + height < innerHeight || link.top < height + 8;
  const left = Math.max(12, Math.min(link.left, document.documentElement.clientWidth - width - 12));
  box.style.left = `${left + scrollX}px`;
  box.style.top = `${(below ? target.getBoundingClientRect().bottom + 8 : link.top - height - 8) + scrollY}px`;
}

function close(): void {
  clearTimeout(timer);
  owner?.removeAttribute("aria-describedby");
  owner = undefined;
  card?.remove();
  card = undefined;
}

const later = (what: () => void, wait: number) => () => {
  clearTimeout(timer);
  timer = window.setTimeout(what, wait);
};

/** In the text alone: a card's own heading stands above what its card would say, and a menu is no place for one. */
function holder(target: EventTarget | null): Element | null {
  const found = target instanceof Element ? target.closest("main a[href], main [data-card]") : null;
  return found && !found.closest("nav, .card") && addressFor(found) ? found : null;
}

function addressFor(target: Element): string | undefined {
  const link = target.closest("a[href]")?.getAttribute("href");
  const home = document.querySelector<HTMLAnchorElement>("a.name")?.href;
  const linked = link && home ? cardAddress(link, home, location.href) : undefined;
  return linked ?? target.closest("[data-card]")?.getAttribute("data-card") ?? undefined;
}

document.addEventListener("pointerover", (event) => {
  const target = holder(event.target);
  if (!target || event.pointerType === "touch") return;
  later(() => void open(target), OPEN_AFTER)();
});
document.addEventListener("pointerout", (event) => {
  const target = holder(event.target);
  if (target && holder(event.relatedTarget) !== target) later(close, CLOSE_AFTER)();
});
document.addEventListener("focusin", (event) => {
  const target = holder(event.target);
  if (target?.matches(":focus-visible")) void open(target);
});
document.addEventListener("focusout", (event) => {
  if (holder(event.target) === owner) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && card) {
    event.preventDefault();
    close();
  }
});

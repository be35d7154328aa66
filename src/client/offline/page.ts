import { siteTop } from "../site-top.ts";
import { dayOf } from "./notice.ts";

/** What the service worker says to a page. */
type Note = { readonly site: "same" | "newer" } | { readonly kept: number };

/** Starts the service worker once the page is there, and shows what it has to say about copies. */
async function start(): Promise<void> {
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("message", ({ data }: MessageEvent<Note>) => show(data));
  const seen = serviceWorker.controller !== null;
  await serviceWorker.register(new URL("sw.js", siteTop()));
  if (seen) return;
  // The worker came after the page: it hears what the page is made of, to keep it too.
  const { active } = await serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map(({ name }) => name);
  active?.postMessage([location.href, ...parts]);
}

function show(note: Note): void {
  const notice = document.querySelector(".kept-copy [role=status]") ?? newNotice();
  if ("kept" in note) {
    if (!notice.hasChildNodes())
      notice.textContent = `The site cannot be reached. Parts of this page are your browser’s copy of ${dayOf(new Date(note.kept))}.`;
  } else if (note.site === "same")
    notice.textContent = "This is your browser’s copy. The site has answered since: the page is the same there.";
  else
    notice.replaceChildren(
      "The site has answered since, and has another version of this page. ",
      ...notice.querySelectorAll("a"),
    );
}

/** At the foot of the window, where it moves nothing. */
function newNotice(): Element {
  const aside = document.createElement("aside");
  aside.className = "kept-copy later";
  aside.setAttribute("aria-label", "A copy");
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  aside.append(words);
  document.body.append(aside);
  return words;
}

// While the site is written, nothing is kept.
if (import.meta.env.PROD && "serviceWorker" in navigator)
  addEventListener("load", () => void start().catch(() => {}), { once: true });

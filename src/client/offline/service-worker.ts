import { Copies } from "./copies.ts";
import type { RequestEvent, Surroundings } from "./events.ts";
import { type Reason, withKept, withNotice } from "./notice.ts";
import { type Keeping, keepingOf } from "./rules.ts";

/**
 * Reading without a connection: what a reader has seen can be read again. The site always goes first, so nobody is shown an
 * old verdict in place of a new one; where it can't be reached, answers with an error, or doesn't answer in time, a page's copy
 * comes with a notice that says so and of when it is.
 */
const worker = self as unknown as Surroundings;

const { scope } = worker.registration;
const under = new URL(scope).pathname;
/** How long a page waits for the site where there is a copy, in milliseconds. */
const PATIENCE = 3000;
const pages = new Copies(`reading pages ${under}`, 200);
const parts = new Copies(`reading parts ${under}`, 600);
/** Stands in for a page of which there is no copy. */
const LOST = new URL("offline/", scope).href;
/** Pages that are shown as copies: their parts are the copies that belong to them, and they have said so. */
const copied = new Set<string>();

worker.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([worker.skipWaiting(), keepNow(LOST)]));
});

worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const keeping = keepingOf(event.request, scope);
  if (keeping === "fixed") event.respondWith(fixed(event));
  else if (keeping === "page") event.respondWith(page(event));
  else if (keeping === "part") event.respondWith(part(event));
});

/** A page that came before its worker tells what it is made of. */
worker.addEventListener("message", (event) => {
  if (Array.isArray(event.data)) event.waitUntil(Promise.all(event.data.map((url) => keepNow(String(url)))));
});

const storeOf = (keeping: Keeping) => (keeping === "page" ? pages : parts);

async function keepNow(url: string): Promise<void> {
  const keeping = keepingOf({ method: "GET", url, mode: "no-cors", cache: "default", destination: "" }, scope);
  if (keeping === "none" || (keeping === "fixed" && (await parts.find(url)))) return;
  try {
    await storeOf(keeping).keep(url, await fetch(url));
  } catch {
    // Without it the next visit keeps the page.
  }
}

/** From the site, and kept in passing. */
function fromSite(event: RequestEvent, store: Copies): Promise<Response> {
  const asked = fetch(event.request);
  event.waitUntil(asked.then((response) => store.keep(event.request.url, response.clone())).catch(() => {}));
  return asked;
}

async function fixed(event: RequestEvent): Promise<Response> {
  return (await parts.find(event.request.url))?.response ?? fromSite(event, parts);
}

async function page(event: RequestEvent): Promise<Response> {
  const asked = fromSite(event, pages);
  const copy = await pages.find(event.request.url);
  let reason: Reason = "unreachable";
  try {
    const answer = await (copy ? Promise.race([asked, patience()]) : asked);
    if (answer && (answer.status < 500 || !copy)) return answer;
    reason = answer ? "failing" : "late";
  } catch {
    if (!copy) return event.request.mode === "navigate" ? lost() : Response.error();
  }
  if (event.request.mode === "navigate") copied.add(event.resultingClientId);
  const html = await copy!.response.text();
  if (reason === "late")
    event.waitUntil(
      tellWhenItComes(
        event,
        asked.then((answer) => answer.clone().text()),
        html,
      ),
    );
  return new Response(withNotice(html, copy!.date, reason), { headers: copy!.response.headers });
}

const patience = () => new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));

/** Lets a page that is shown as a copy know how the site's late answer compares. */
async function tellWhenItComes(event: RequestEvent, coming: Promise<string>, shown: string): Promise<void> {
  try {
    const note = { site: (await coming) === shown ? "same" : "newer" };
    (await worker.clients.get(event.resultingClientId || event.clientId))?.postMessage(note);
  } catch {
    // It never came: the notice stands as it is.
  }
}

/** The copy of a part serves where the site does not; a page that came from the site itself is told. */
async function part(event: RequestEvent): Promise<Response> {
  const inCopy = copied.has(event.clientId);
  const copy = await parts.find(event.request.url);
  if (inCopy && copy) return copy.response;
  let answer: Response | undefined;
  try {
    answer = await fromSite(event, parts);
    if (answer.status < 500) return answer;
  } catch {
    // A copy may do.
  }
  if (!copy) return answer ?? Response.error();
  if (!inCopy) (await worker.clients.get(event.clientId))?.postMessage({ kept: copy.date.getTime() });
  return copy.response;
}

async function lost(): Promise<Response> {
  const copy = await pages.find(LOST);
  if (!copy) return Response.error();
  const kept = (await pages.titled()).filter(({ address }) => address !== new URL(LOST).pathname);
  return new Response(withKept(await copy.response.text(), kept), { status: 503, headers: copy.response.headers });
}

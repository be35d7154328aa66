import { type Kept, titleOf } from "./notice.ts";
import { keyOf } from "./rules.ts";

/** When a copy was on the site (milliseconds), and its title; headers of our own. */
const KEPT_AT = "x-kept-at";
const TITLE = "x-kept-title";

/** A copy, and when the site had it. */
export interface Copy {
  readonly response: Response;
  readonly date: Date;
}

/**
 * Copies of what the site sent, in the browser's cache of that name, the oldest dropped when there are more than `most`.
 * Names begin unlike those of `kept-files.ts`, which clears what is its own.
 */
export class Copies {
  readonly #name: string;
  readonly #most: number;

  constructor(name: string, most: number) {
    this.#name = name;
    this.#most = most;
  }

  async find(url: string): Promise<Copy | undefined> {
    const response = await (await caches.open(this.#name)).match(keyOf(url));
    return response && { response, date: dateOf(response) };
  }

  /** Keeps a response, read to its end; one that says nothing good of the address (404, 410) takes its copy away. */
  async keep(url: string, response: Response): Promise<void> {
    const cache = await caches.open(this.#name);
    if (response.status === 404 || response.status === 410) {
      await cache.delete(keyOf(url));
      return;
    }
    if (response.status !== 200 || response.redirected || response.type === "opaque") return;
    const headers = new Headers(response.headers);
    const sent = Date.parse(headers.get("date") ?? "");
    headers.set(KEPT_AT, String(Number.isNaN(sent) ? Date.now() : sent));
    const isHtml = headers.get("content-type")?.startsWith("text/html") ?? false;
    const body = isHtml ? await response.text() : await response.blob();
    if (typeof body === "string") headers.set(TITLE, encodeURIComponent(titleOf(body)));
    // What is put again counts as new.
    await cache.delete(keyOf(url));
    try {
      await cache.put(keyOf(url), new Response(body, { headers }));
    } catch {
      // No room: the page was read all the same.
      return;
    }
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - this.#most))) await cache.delete(old);
  }

  /** Every copy that has a title. */
  async titled(): Promise<Kept[]> {
    const cache = await caches.open(this.#name);
    const found = await Promise.all(
      (await cache.keys()).map(async ({ url }) => {
        const response = (await cache.match(url))!;
        return {
          address: new URL(url).pathname,
          title: decodeURIComponent(response.headers.get(TITLE) ?? ""),
          date: dateOf(response),
        };
      }),
    );
    return found.filter(({ title }) => title !== "");
  }
}

const dateOf = (response: Response) => new Date(Number(response.headers.get(KEPT_AT)));

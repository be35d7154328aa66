import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { AstroIntegration } from "astro";

/** A page as it is handed to the worker, which has the time to decode it. */
export interface HandedPage {
  /** Its file in the built folder, which may not be written yet. */
  readonly file: string;
  /** `/notes/x/` */
  readonly address: string;
  /** In UTF-8. */
  readonly html: Uint8Array;
}

/** What the worker answers: a page is dealt with, or all is done, with what there is to say of it. */
export type Answer = { readonly taken: true } | { readonly said: readonly string[] };

/**
 * Hands each page of the site once to the worker that makes things of pages (`after-pages.ts`): those that are rendered as they
 * come, so that twins and the search index grow beside the rendering, and those that are kept from an earlier build at the end.
 */
export function builtPages(): AstroIntegration {
  const handed = new Set<string>();
  let root = "";
  let worker: PageWorker;
  const hand = async (page: HandedPage) => {
    handed.add(page.address);
    await worker.page(page);
  };
  return {
    name: "soundings:built-pages",
    hooks: {
      "astro:config:done": ({ config }) => {
        root = fileURLToPath(config.outDir);
      },
      "astro:build:start": ({ setPrerenderer }) => {
        worker = new PageWorker(root);
        setPrerenderer((usual) => ({
          ...usual,
          async render(request, options) {
            const result = await usual.render(request, options);
            const response = result instanceof Response ? result : result.response;
            // What is moved or missing is written in a form of its own, and read from that.
            if (options.routeData.type !== "page" || response.status !== 200) return result;
            const address = decodeURI(new URL(request.url).pathname);
            const html = new Uint8Array(await response.arrayBuffer());
            await hand({ address, file: join(address.slice(1), "index.html"), html });
            const again = new Response(html, response);
            return result instanceof Response ? again : { ...result, response: again };
          },
        }));
      },
      "astro:build:done": async ({ pages, logger }) => {
        for (const { pathname } of pages) {
          const address = `/${pathname}`;
          if (handed.has(address)) continue;
          const file = pathname === "404/" ? "404.html" : join(pathname, "index.html");
          await hand({ address, file, html: await readFile(join(root, file)) });
        }
        for (const line of await worker.done()) logger.info(line);
      },
    },
  };
}

/** The worker, with as many pages on their way to it as it can deal with while the next are rendered. */
class PageWorker {
  readonly #worker: Worker;
  #onTheWay = 0;
  #answer = Promise.withResolvers<Answer>();

  constructor(root: string) {
    this.#worker = new Worker(new URL("./after-pages.ts", import.meta.url), { workerData: root });
    // A build that fails before its first page does not wait for it.
    this.#worker.unref();
    this.#worker.on("message", (answer: Answer) => {
      this.#onTheWay--;
      this.#answer.resolve(answer);
      this.#answer = Promise.withResolvers();
    });
    this.#worker.on("error", (fault) => {
      this.#answer.promise.catch(() => {}); // Whoever waits next is told.
      this.#answer.reject(fault);
    });
  }

  /** Throws what the worker met with, on this page or an earlier one. */
  async page(page: HandedPage): Promise<void> {
    while (this.#onTheWay >= AHEAD) await this.#answer.promise;
    this.#worker.ref();
    this.#onTheWay++;
    this.#worker.postMessage(page);
  }

  /** Waits for all, and returns what there is to say of it. Throws what the worker met with. */
  async done(): Promise<readonly string[]> {
    this.#worker.postMessage(null);
    for (;;) {
      const answer = await this.#answer.promise;
      if ("said" in answer) return answer.said;
    }
  }
}

/** A page is 60 KB or so; this many keep the worker busy through a slow page. */
const AHEAD = 64;

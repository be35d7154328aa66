import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration, AstroIntegrationLogger } from "astro";

/** A page of the built site, or a part of one that is fetched when wanted (`cards/…`). */
export interface BuiltPage {
  /** Its file in the built folder. */
  readonly file: string;
  /** `/notes/x/` */
  readonly address: string;
  readonly html: string;
}

/** What is made of the pages once they are there. */
export interface Afterwork {
  /** Handed each page in turn. What it starts may go on while the next is read, as long as `done` waits for it. */
  page(page: BuiltPage): void | Promise<void>;
  /** When each has been handed out. */
  done(logger: AstroIntegrationLogger): Promise<void>;
}

/** Begins with the built folder. */
export type BeginAfterwork = (root: string) => Afterwork | Promise<Afterwork>;

/** Reads each built page once, for all that is made of them; what is done last comes last in the list. */
export function builtPages(begin: readonly BeginAfterwork[]): AstroIntegration {
  return {
    name: "soundings:built-pages",
    hooks: {
      "astro:build:done": async ({ dir, pages, logger }) => {
        const root = fileURLToPath(dir);
        const afterwork = await Promise.all(begin.map((each) => each(root)));
        for (const { pathname } of pages) {
          const file = pathname === "404/" ? "404.html" : join(pathname, "index.html");
          const html = await readFile(join(root, file), "utf8");
          for (const each of afterwork) await each.page({ file, address: `/${pathname}`, html });
        }
        for (const each of afterwork) await each.done(logger);
      },
    },
  };
}

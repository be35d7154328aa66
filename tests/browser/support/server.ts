import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Record<string, string> = {
  ".css": "text/css",
  ".csv": "text/csv",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

export interface Site {
  readonly address: string;
  /** What is served from now on. */
  folder: string;
  /** How long each answer is held back, in milliseconds. */
  delay: number;
  /** A status that everything is answered with, in place of what is there. */
  failing: number | undefined;
  close(): Promise<void>;
}

/**
 * Serves a built folder as a static host would that reads its `_headers`: `…/` is `index.html`, what isn't there is `404.html`
 * with status 404. Under `base` (`/wiki`) and nowhere else where one is given; at `port` where one is given.
 */
export async function serve(folder: string, { base = "", port = 0 } = {}): Promise<Site> {
  const site = { folder, delay: 0, failing: undefined as number | undefined };
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const inner = path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
    const headers = headersFor(site.folder, inner ?? "/");
    await new Promise((resolve) => setTimeout(resolve, site.delay));
    if (site.failing !== undefined) {
      response.writeHead(site.failing, { "Content-Type": "text/html; charset=utf-8" }).end("<h1>Failing</h1>");
      return;
    }
    try {
      if (inner === undefined) throw new Error("outside the site");
      const file = join(site.folder, inner.endsWith("/") ? join(inner, "index.html") : inner);
      const bytes = await readFile(file);
      response
        .writeHead(200, { ...headers, "Content-Type": types[extname(file)] ?? "application/octet-stream" })
        .end(bytes);
    } catch {
      response
        .writeHead(404, { ...headers, "Content-Type": "text/html; charset=utf-8" })
        .end(await readFile(join(site.folder, "404.html")));
    }
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return Object.assign(site, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** What `_headers` says of a path, as Netlify and Cloudflare Pages read it: a pattern a line, its headers indented below it. */
function headersFor(folder: string, path: string): Record<string, string> {
  const file = join(folder, "_headers");
  const found: Record<string, string> = {};
  let applies = false;
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) {
    const [, name, value] = /^\s+([\w-]+): (.+)$/.exec(line) ?? [];
    if (name && value) Object.assign(found, applies ? { [name]: value } : {});
    else if (line.trim() !== "" && !line.startsWith("#"))
      applies = line.endsWith("*") ? path.startsWith(line.slice(0, -1)) : path === line;
  }
  return found;
}

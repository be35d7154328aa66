import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, it } from "vitest";

const run = promisify(execFile);

/** Every page of a built folder, with the ids and the internal links of its HTML. */
function pagesOf(folder: string) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".html") && !file.startsWith("pagefind/"),
  );
  return files.map((file) => {
    const html = readFileSync(join(folder, file), "utf8");
    const all = (pattern: RegExp) =>
      [...html.matchAll(pattern)].map((match) => match[1]!.replaceAll("&amp;", "&").replaceAll("&#38;", "&"));
    return {
      address: `/${file.replace(/(^|\/)index\.html$/, "$1")}`,
      html,
      ids: all(/\sid="([^"]+)"/g),
      links: [...all(/\shref="([^"]+)"/g), ...all(/\ssrc="([^"]+)"/g), ...all(/\sdata-card="([^"]+)"/g)].filter(
        (link) => /^[/#]/.test(link),
      ),
    };
  });
}

describe.each([
  ["the invented vault", inject("fixtureFolder")],
  ["the wiki", inject("realFolder")],
])("%s, built", (_, folder) => {
  const pages = pagesOf(folder);
  const ids = new Map(pages.map(({ address, ids }) => [address, new Set(ids)]));

  it("has no link or anchor that leads nowhere", () => {
    const broken: string[] = [];
    for (const { address, links } of pages)
      for (const link of links) {
        const { pathname, hash } = new URL(link, `http://site${address}`);
        const path = decodeURIComponent(pathname);
        if (!ids.has(path) && !existsSync(join(folder, path.endsWith("/") ? `${path}index.html` : path)))
          broken.push(`${address} → ${link}`);
        else if (hash && ids.has(path) && !ids.get(path)!.has(decodeURIComponent(hash.slice(1))))
          broken.push(`${address} → ${link} (no such anchor)`);
      }
    expect([...new Set(broken)]).toEqual([]);
  });

  it("has a Markdown twin of each page that people read, named by the page and by llms.txt", () => {
    const read = pages.filter(({ html }) => html.includes('type="text/markdown"'));
    expect(pages.length - read.length, "hover cards, 404, what stands in offline, and moved pages").toBe(
      pages.filter(
        ({ address, html }) => /^\/(cards\/|404|offline)/.test(address) || html.includes('http-equiv="refresh"'),
      ).length,
    );
    for (const { address } of read) {
      expect(readFileSync(join(folder, address, "index.md"), "utf8"), address).toMatch(/^# /m);
    }
    const listed = [...readFileSync(join(folder, "llms.txt"), "utf8").matchAll(/\]\(([^)]+)\)/g)].map((m) => m[1]!);
    expect(listed.length).toBeGreaterThan(4);
    for (const link of listed) expect(existsSync(join(folder, new URL(link).pathname)), link).toBe(true);
  });

  it("lists in the sitemap what people read, and nothing else", () => {
    const listed = [...readFileSync(join(folder, "sitemap-0.xml"), "utf8").matchAll(/<loc>([^<]+)/g)].map(
      ([, at]) => new URL(at!).pathname,
    );
    const read = pages.filter(({ html }) => html.includes('type="text/markdown"')).map(({ address }) => address);
    expect(listed.sort()).toEqual(read.sort());
  });

  it("gives no id twice on a page", () => {
    const twice = pages.flatMap(({ address, ids }) =>
      ids.filter((id, i) => ids.indexOf(id) < i).map((id) => `${address} #${id}`),
    );
    expect(twice).toEqual([]);
  });

  it("has no inline script or style, which the policy would refuse", () => {
    const inline = pages.filter(({ html }) =>
      /<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle="|\son[a-z]+="/.test(html.replace(/<(pre|code)[\s\S]*?<\/\1>/g, "")),
    );
    expect(inline.map(({ address }) => address)).toEqual([]);
  });

  it("has a title, a description and one h1 on every page", () => {
    for (const { address, html } of pages.filter((page) => !page.address.startsWith("/cards/"))) {
      expect(html.match(/<h1/g)?.length, address).toBe(1);
      expect(html, address).toMatch(/<title>[^<]+<\/title>/);
      expect(html, address).toMatch(/<meta name="description" content="[^"]+"/);
    }
  });

  it("announces lines and notes in the feed", () => {
    const feed = readFileSync(join(folder, "feed.xml"), "utf8");
    for (const { address, html } of pages)
      if (/^\/(notes|inquiring-lines)\/.+/.test(address) && html.includes('type="text/markdown"'))
        expect(feed).toContain(`${address}</link>`);
  });
});

it("one page for each thing that was written", () => {
  const pages = new Set(pagesOf(inject("fixtureFolder")).map(({ address }) => address));
  const content = "tests/fixtures/vault/content";
  const kinds = {
    lines: "inquiring-lines",
    notes: "notes",
    sources: "sources",
    topics: "topics",
    models: "models",
    experiments: "experiments",
  };
  for (const [folder, part] of Object.entries(kinds))
    for (const file of readdirSync(join(content, folder)))
      expect([...pages]).toContain(`/${part}/${file.replace(/\.\w+$/, "")}/`);
});

it("a build that cannot stand fails as a whole and says where", async () => {
  const vault = mkdtempSync(join(tmpdir(), "vault-"));
  try {
    cpSync("tests/fixtures/vault", vault, { recursive: true });
    const line = join(vault, "content/lines/why-is-everything-invented.mdx");
    writeFileSync(
      line,
      readFileSync(line, "utf8").replace('<Cite note="do-sublayers-write-gently" />', '<Cite note="no-such-note" />'),
    );
    const built = run("node", ["node_modules/astro/bin/astro.mjs", "build", "--outDir", join(vault, "dist")], {
      env: { ...process.env, SOUNDINGS_VAULT: vault, ASTRO_TELEMETRY_DISABLED: "1" },
    });
    await expect(built).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /why-is-everything-invented\.mdx:\d+: <Cite> in line \d+ of the body: there is no note "no-such-note"/,
      ),
    });
  } finally {
    rmSync(vault, { recursive: true, force: true });
  }
});

it("leads on from an address that a page had before", () => {
  const html = readFileSync(join(inject("fixtureFolder"), "notes/are-writes-small/index.html"), "utf8");
  expect(html).toContain('<meta http-equiv="refresh" content="0; url=/notes/do-sublayers-write-gently/">');
  expect(html).toMatch(/rel="canonical" href="[^"]*\/notes\/do-sublayers-write-gently\/"/);
  expect(html).not.toContain("data-pagefind-body");
  for (const [from, to] of [
    ["sources/invented-2019-draft", "/sources/invented-2020-paper/"],
    ["topics/inventions", "/topics/invention/"],
  ])
    expect(readFileSync(join(inject("fixtureFolder"), `${from}/index.html`), "utf8")).toContain(`url=${to}`);
});

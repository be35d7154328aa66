import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { publishSocial } from "../../src/integrations/social.ts";

it("waits for the whole list of pictures, draws each, and takes the list away", async () => {
  const folder = mkdtempSync(join(tmpdir(), "social-"));
  try {
    const list = JSON.stringify([
      {
        address: "/social/notes/a.png",
        facts: { site: "Site", tagline: "Line", label: "Note", title: "Title", about: "About", verdicts: [] },
      },
    ]);
    const work = await publishSocial(join(folder, "cache"))(folder);
    const page = { file: "x/index.html", address: "/x/", html: "" };
    // The page's thread may look while another is writing.
    for (const written of ["", list.slice(0, 40), list]) {
      writeFileSync(join(folder, "card-pictures.json"), written);
      await work.page(page);
      await setTimeout(50);
    }
    expect(await work.done()).toBe("1 pages have a picture");
    expect(readdirSync(join(folder, "social/notes"))).toEqual(["a.png"]);
    expect(readdirSync(folder)).not.toContain("card-pictures.json");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import { expect, it } from "vitest";
import { cardAddress } from "../../src/client/card-address.ts";

const home = "https://host.example/wiki/";
const from = "https://host.example/wiki/notes/here/";
const of = (href: string) =>
  cardAddress(href, home, from)
    ?.slice(home.length)
    .replace(/\/(?=$|#)/, "");

it("each kind of page has its card, and a note's anchors have those of its claims", () => {
  expect(of("/wiki/notes/other/")).toBe("cards/notes/other");
  expect(of("/wiki/notes/other/#it-falls")).toBe("cards/notes/other#it-falls");
  expect(of("/wiki/inquiring-lines/why/")).toBe("cards/lines/why");
  expect(of("/wiki/glossary/#block")).toBe("cards/terms/block");
  for (const kind of ["sources", "topics", "models", "experiments"])
    expect(of(`/wiki/${kind}/x/`)).toBe(`cards/${kind}/x`);
});

it("lists, files, other sites, and the page that one looks at have none", () => {
  for (const href of [
    "/wiki/notes/",
    "/wiki/glossary/",
    "/wiki/models/compare/",
    "/wiki/models/compare/a/b/",
    "/wiki/data/m/e/#estimate",
    "/notes/other/",
    "https://elsewhere.example/wiki/notes/other/",
    "#it-falls",
    "/wiki/notes/here/#it-falls",
  ])
    expect(of(href), href).toBeUndefined();
});

import { expect, it } from "vitest";
import { absolute } from "../../src/facts/place.ts";

it("a whole address keeps the folder of the host that the site is served from", () => {
  for (const site of ["https://host.example/wiki", "https://host.example/wiki/"])
    expect(absolute("/notes/x/#claim", site)).toBe("https://host.example/wiki/notes/x/#claim");
  expect(absolute("/", "https://host.example")).toBe("https://host.example/");
});

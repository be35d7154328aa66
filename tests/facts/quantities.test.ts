import { expect, it } from "vitest";
import { quantitiesTable } from "../../pipeline/artifacts/tables.ts";
import { quantitiesFor } from "../../src/facts/quantities.ts";

const quantity = (id: string, x = "depth") => ({ quantity: id, label: id, unit: "", x, about: "" });
const tables = {
  quantities: quantitiesTable([
    quantity("kl"),
    quantity("kl-tuned"),
    quantity("entropy"),
    quantity("rank"),
    quantity("loss", "steps"),
  ]),
};

it("draws the quantities that a page's estimates are named for, the longest name first", () => {
  expect(quantitiesFor(tables, ["kl-tuned-end", "entropy-drop", "kl-tuned-start"])).toEqual(["kl-tuned", "entropy"]);
});

it("draws the first three over depth where no name tells", () => {
  expect(quantitiesFor(tables, ["share-of-tokens"])).toEqual(["kl", "kl-tuned", "entropy"]);
  expect(quantitiesFor({ quantities: quantitiesTable([quantity("loss", "steps")]) }, [])).toBeUndefined();
});

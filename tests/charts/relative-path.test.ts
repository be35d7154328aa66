import fc from "fast-check";
import { expect, it } from "vitest";
import { relativePath } from "../../src/charts/relative-path.ts";

it("steps from point to point, each subpath from a place of its own", () => {
  expect(relativePath("M0,0L10.5,11L11,22M5,5L4.5,6Z")).toBe("M0 0l10.5 11 .5 11M5 5l-.5 1Z");
});

it("leaves other commands as they are", () => {
  expect(relativePath("M-0.7,0h1.4v330h-1.4Z")).toBe("M-0.7,0h1.4v330h-1.4Z");
});

it("ends where the path ends, to a twentieth of a pixel, however many steps it has", () => {
  const points = fc.array(
    fc.tuple(fc.double({ min: -900, max: 900, noNaN: true }), fc.double({ min: -900, max: 900, noNaN: true })),
    {
      minLength: 2,
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(points, (of) => {
      const data = `M${of.map(([x, y]) => `${x.toFixed(4)},${y.toFixed(4)}`).join("L")}`;
      const [start, ...steps] = relativePath(data)
        .slice(1)
        .split(/[l ]/)
        .map(Number)
        .reduce<[number, number][]>((pairs, n, i) => {
          if (i % 2 === 0) pairs.push([n, 0]);
          else pairs.at(-1)![1] = n;
          return pairs;
        }, []);
      const end = steps.reduce(([x, y], [dx, dy]) => [x + dx, y + dy], start!);
      expect(Math.abs(end[0] - of.at(-1)![0])).toBeLessThan(0.0502);
      expect(Math.abs(end[1] - of.at(-1)![1])).toBeLessThan(0.0502);
    }),
  );
});

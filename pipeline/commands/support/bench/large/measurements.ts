import type { Estimate, Result } from "../../../../artifacts/schema.ts";
import { SCHEMA_VERSION } from "../../../../artifacts/schema.ts";
import { type CurvePoint, curvesTable, quantitiesTable, seriesTable } from "../../../../artifacts/tables.ts";
import { writeArtifact } from "../../../../artifacts/writer.ts";
import { random } from "../../../../statistics/random.ts";

/** Every experiment of a large vault has these; each is one chart. */
export const QUANTITIES = ["spread", "reach", "share"] as const;

const DEPTHS = 24;
const NOTHING = "0".repeat(64);

/** Writes what one experiment of a large vault would have found: a curve with its control for each quantity. Nothing is measured. */
export function writeMeasurement(root: string, model: string, experiment: string, seed: number): void {
  writeArtifact(root, {
    result: resultOf(model, experiment, seed),
    provenance: {
      schema: SCHEMA_VERSION,
      experiment,
      model,
      key: NOTHING,
      inputs: [{ kind: "seed", name: String(seed), hash: NOTHING }],
      predictions: {},
      environment: { node: "none", runtime: "made for a bench", device: "none", cpu: "none", threads: 1 },
      started: "2026-11-01T00:00:00Z",
      seconds: 1,
    },
  });
}

function resultOf(model: string, experiment: string, seed: number): Result {
  const chance = random(seed);
  const points: CurvePoint[] = [];
  const estimates: Estimate[] = [];
  for (const quantity of QUANTITIES) {
    const [height, bend] = [1 + 9 * chance.uniform(), 0.5 + 2 * chance.uniform()];
    for (let x = 0; x <= DEPTHS; x++) {
      const value = height * (1 - x / DEPTHS) ** bend + 0.1 * chance.normal();
      points.push({ quantity, series: "model", x, value, lo: value - 0.2, hi: value + 0.2 });
      const control = 0.9 * height + 0.05 * chance.normal();
      points.push({ quantity, series: "RW", x, value: control, lo: control - 0.1, hi: control + 0.1 });
    }
    const change = -height * (0.5 + chance.uniform());
    estimates.push(
      estimate(`${quantity}-change`, change, {
        control: `${quantity}-change-rw`,
        difference: `${quantity}-change-difference`,
      }),
      estimate(`${quantity}-change-rw`, -0.1),
      estimate(`${quantity}-change-difference`, change + 0.1),
      estimate(`${quantity}-end`, 0.3 * chance.uniform()),
    );
  }
  const tables = {
    curves: curvesTable(points),
    quantities: quantitiesTable(
      QUANTITIES.map((quantity) => ({
        quantity,
        label: `The ${quantity} of ${experiment}`,
        unit: "nats",
        x: "depth",
        about: "Made for a bench.",
      })),
    ),
    series: seriesTable([
      { series: "model", label: "the model", role: "measurement", about: "Made for a bench." },
      { series: "RW", label: "random weights", role: "control", about: "Made for a bench." },
    ]),
  };
  return { schema: SCHEMA_VERSION, experiment, model, tables, estimates };
}

const estimate = (id: string, value: number, more: Partial<Estimate> = {}): Estimate => ({
  id,
  label: `The ${id.replaceAll("-", " ")}`,
  value,
  lo: value - 0.15,
  hi: value + 0.15,
  level: 0.95,
  n: 200,
  per: "passage",
  unit: "nats",
  method: "made for a bench",
  tolerance: 0.01,
  ...more,
});

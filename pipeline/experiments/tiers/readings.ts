import type { Quantity } from "../../artifacts/tables.ts";
import { centre, passes, third, type Wanted } from "./estimates.ts";
import { PREDICTORS } from "./passages.ts";

const THIRDS = { early: 0, middle: 1, late: 2 } as const;
type Third = keyof typeof THIRDS;
const RANDOM = { series: "RW", suffix: "random" };

const contrast = (quantity: string, a: Third, b: Third): Wanted => ({
  id: `${quantity}-${a}-minus-${b}`,
  label: `${quantity.replace("-", ", ")}: ${a} minus ${b} third`,
  unit: "R²",
  tolerance: 0.01,
  control: RANDOM,
  read: (series) => (curve) => third(curve(quantity, series), THIRDS[a]) - third(curve(quantity, series), THIRDS[b]),
});

const level = (quantity: string, of: Third): Wanted => ({
  id: `${quantity}-${of}`,
  label: `${quantity.replace("-", ", ")}: ${of} third`,
  unit: "R²",
  tolerance: 0.01,
  control: RANDOM,
  read: (series) => (curve) => third(curve(quantity, series), THIRDS[of]),
});

const order = (place: string, later: string, earlier: string): Wanted => ({
  id: `${place}-centre-${later}-minus-${earlier}`,
  label: `Centre of what the ${later} explains minus centre of what the ${earlier} explains, ${place}`,
  unit: "blocks",
  tolerance: 0.5,
  read: (series) => (curve) =>
    centre(curve(`${place}-${later}`, series), curve(`${place}-${later}`, "SL")) -
    centre(curve(`${place}-${earlier}`, series), curve(`${place}-${earlier}`, "SL")),
});

const turn = (place: string): Wanted => ({
  id: `${place}-next-passes-current`,
  label: `Depth from which the next token explains more than the current one, ${place}`,
  unit: "blocks",
  tolerance: 1,
  control: RANDOM,
  read: (series) => (curve) => passes(curve(`${place}-next`, series), curve(`${place}-current`, series)),
});

/** Every estimate of the experiment. */
export const READINGS: readonly Wanted[] = ["units", "residual"].flatMap((place) => [
  ...(["early", "middle", "late"] as const).flatMap((of) => PREDICTORS.map((p) => level(`${place}-${p}`, of))),
  contrast(`${place}-current`, "early", "late"),
  contrast(`${place}-previous`, "middle", "early"),
  contrast(`${place}-category`, "middle", "early"),
  contrast(`${place}-category`, "middle", "late"),
  contrast(`${place}-next`, "late", "middle"),
  order(place, "category", "current"),
  order(place, "next", "category"),
  turn(place),
  ...(place === "units"
    ? [
        ...(["early", "middle", "late"] as const).map((of) => level("units-best", of)),
        contrast("units-best", "early", "middle"),
        contrast("units-best", "early", "late"),
        rotated("early"),
        rotated("middle"),
        rotated("late"),
      ]
    : []),
]);

/** Units against random directions of the same standardised activations: is the basis of units special? */
function rotated(of: Third): Wanted {
  return {
    id: `units-basis-${of}`,
    label: `Explained by the best single predictor, single units, ${of} third`,
    unit: "R²",
    tolerance: 0.01,
    control: { series: "RB", suffix: "rotated" },
    read: (series) => (curve) => third(curve("units-best", series), THIRDS[of]),
  };
}

const WORDS: Readonly<Record<string, string>> = {
  current: "the token at the position",
  previous: "the token before it",
  next: "the token that comes after it in the text",
  category: "the genre of the document (press, general prose, learned, fiction)",
  best: "the best single one of the four predictors, chosen for each unit on the other half",
};

export const QUANTITIES: Quantity[] = ["units", "residual"].flatMap((place) =>
  [...PREDICTORS, ...(place === "units" ? ["best"] : [])].map((p) => ({
    quantity: `${place}-${p}`,
    label: `${p === "best" ? "best predictor" : p === "category" ? "genre" : `${p} token`}: ${place === "units" ? "MLP units" : "residual stream"}`,
    unit: "R², held out",
    x: place === "units" ? "block" : "depth",
    about: `Share of the variance of ${place === "units" ? "sampled MLP units" : "sampled coordinates of the residual stream"} explained by ${WORDS[p]}.`,
  })),
);

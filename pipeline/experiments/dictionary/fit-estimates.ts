import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint } from "../../artifacts/tables.ts";
import {
  type BootstrapOptions,
  type Draws,
  derive,
  drawRatios,
  drawStatistic,
  intervals,
} from "../../statistics/bootstrap.ts";
import { controlled, estimate, type Naming } from "../support/estimates.ts";
import { SPACES, type Space } from "./fit.ts";
import type { DictionaryRow, Found } from "./rows.ts";
import type { Blocks } from "./score-estimates.ts";
import { KIND_LABELS, KINDS, SPACE_LABELS, THIRD_NAMES, THIRDS } from "./words.ts";

type Options = BootstrapOptions & { readonly resamples: number };

/** Variance explained by one series, 1 − Σ error / Σ total, with draws over documents. */
function explained({ fits }: Found, series: string, space: Space, options: Options): Draws {
  const rows = fits.filter((row) => row.series === series && row.space === space);
  const draws = drawRatios(
    rows.map(({ error }) => error),
    rows.map(({ total }) => total),
    1,
    options,
  );
  return derive(draws, ([ratio]) => [1 - ratio!]);
}

/** Sums of surprisal, of kept predictions and of positions under one condition, document by document. */
const under = ({ losses }: Found, condition: string) => losses.filter((row) => row.condition === condition);

/** Share of the loss that the mean costs which the condition saves, with draws over documents. */
function recovered(found: Found, kind: string, condition: string, options: Options): Draws {
  const [clean, mean, own] = ["clean", `${kind}-mean`, condition].map((name) => under(found, name));
  return drawStatistic(
    clean!.length,
    (resample) => {
      const sum = (rows: typeof clean) => resample.reduce((total, d) => total + rows![d]!.surprisal, 0);
      return [(sum(mean) - sum(own)) / (sum(mean) - sum(clean))];
    },
    options,
  );
}

/** Share of positions whose likeliest token stays. */
function replaced(found: Found, condition: string, options: Options): Draws {
  const rows = under(found, condition);
  return drawRatios(
    rows.map(({ same }) => same),
    rows.map(({ positions }) => positions),
    1,
    options,
  );
}

/** What a transcoder, and an autoencoder, are held against when they stand in for their target. */
const RIVALS = {
  tc: { code: "mu", condition: "tc-mu", series: "MU", words: "the MLP's own largest units" },
  sae: { code: "rd", condition: "sae-rd", series: "RD", words: "random directions" },
} as const;

/** Sparsity, fit, loss recovered, replacement, live and returning features of each dictionary at each block. */
export function fitEstimates(trained: Blocks, random: Blocks, options: Options): Estimate[] {
  const naming = (id: string, label: string, unit: string, method: string): Naming => ({
    id,
    label,
    unit,
    method,
    tolerance: 0.02,
  });
  return KINDS.flatMap((kind) =>
    THIRD_NAMES.flatMap((third, i) => {
      const [own, rw] = [trained[i]!, random[i]!];
      const label = (what: string) => `${what}, ${KIND_LABELS[kind]}, ${THIRDS[third]}`;
      const fits = SPACES.flatMap((space) => {
        const words = naming(
          space === "standard" ? `${kind}-explained-${third}` : `${kind}-explained-${space}-${third}`,
          `${label("Variance explained")}, ${SPACE_LABELS[space]}`,
          "share",
          "1 − squared error over squares about the mean, on documents that trained nothing; bootstrap over documents",
        );
        const draws = explained(own, kind, space, options);
        const [first, ...rest] = [
          controlled(draws, explained(own, `${kind}-rd`, space, options), "rd", "random directions", "document", words),
          controlled(draws, explained(rw, kind, space, options), "rw", "random weights", "document", words),
        ];
        return [...first!, ...rest.flatMap((each) => each.slice(1))];
      });
      const rival = RIVALS[kind];
      const kept = controlled(
        recovered(own, kind, kind, options),
        recovered(own, kind, rival.condition, options),
        rival.code,
        rival.words,
        "document",
        naming(
          `${kind}-recovered-${third}`,
          label("Loss recovered"),
          "share",
          "(loss with the mean − loss with the dictionary) / (loss with the mean − loss of the model); bootstrap over documents",
        ),
      );
      const replacing = naming(
        `${kind}-replaced-${third}`,
        label("Replacement score"),
        "share",
        "positions whose likeliest token stays that of the model; bootstrap over documents",
      );
      const own1 = replaced(own, kind, options);
      const [score, ...others] = [
        controlled(own1, replaced(own, `${kind}-mean`, options), "ma", "the mean in its place", "document", replacing),
        controlled(own1, replaced(own, rival.condition, options), rival.code, rival.words, "document", replacing),
      ];
      const row = own.dictionaries.find(({ series }) => series === kind)!;
      const scorable = estimate(
        shareOf(row.scorable, row.features, options),
        "feature",
        naming(
          `${kind}-scorable-${third}`,
          label("Features that fire in enough documents"),
          "share",
          "share of all features that can be scored; bootstrap over features",
        ),
      );
      const stable =
        row.stable < 0
          ? []
          : controlled(
              shareOf(row.stable, row.firing, options),
              shareOf(row.stableByChance, row.firing, options),
              "rd",
              "another seed's random directions",
              "feature",
              naming(
                `${kind}-stable-${third}`,
                label("Features that another seed finds"),
                "share",
                "share of firing features whose write has a cosine of 0.7 or more with one of another seed's dictionary; bootstrap over features",
              ),
            );
      return [...fits, ...kept, ...score!, ...others.flatMap((each) => each.slice(1)), scorable, ...stable];
    }),
  );
}

function shareOf(of: DictionaryRow["stable"], all: number, options: Options): Draws {
  return drawStatistic(all, (resample) => [resample.reduce((sum, i) => sum + Number(i < of), 0) / all], options);
}

/** Points of the curves of fit, loss recovered and replacement, at the blocks' numbers. */
export function fitPoints(trained: Blocks, random: Blocks, numbers: readonly number[], options: Options): CurvePoint[] {
  const point = (quantity: string, series: string, i: number, draws: Draws): CurvePoint => ({
    quantity,
    series,
    x: numbers[i]!,
    ...intervals(draws)[0]!,
  });
  return KINDS.flatMap((kind) => {
    const rival = RIVALS[kind];
    return trained.flatMap((own, i) => [
      ...SPACES.flatMap((space) => [
        point(`${kind}-explained-${space}`, "model", i, explained(own, kind, space, options)),
        point(`${kind}-explained-${space}`, "RD", i, explained(own, `${kind}-rd`, space, options)),
        point(`${kind}-explained-${space}`, "RW", i, explained(random[i]!, kind, space, options)),
      ]),
      point(`${kind}-recovered`, "model", i, recovered(own, kind, kind, options)),
      point(`${kind}-recovered`, rival.series, i, recovered(own, kind, rival.condition, options)),
      point(`${kind}-replaced`, "model", i, replaced(own, kind, options)),
      point(`${kind}-replaced`, rival.series, i, replaced(own, rival.condition, options)),
      point(`${kind}-replaced`, "MA", i, replaced(own, `${kind}-mean`, options)),
    ]);
  });
}

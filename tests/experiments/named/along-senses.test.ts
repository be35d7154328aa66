import { describe, expect, it } from "vitest";
import { alongSenses, FIGURES, type Figure, type Joined } from "../../../pipeline/experiments/named/along-senses.ts";
import { cueFolds, type Item } from "../../../pipeline/experiments/senses/items.ts";
import { bootstrap } from "../../../pipeline/statistics/bootstrap.ts";
import { type Dense, dense, row } from "../../../pipeline/statistics/dense.ts";
import { groupedFolds } from "../../../pipeline/statistics/folds.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const WIDTH = 40;
const SENTENCES = 60;
const senses = Int32Array.from({ length: SENTENCES }, (_, i) => i % 2);
const cues = Array.from({ length: SENTENCES }, (_, i) => `cue ${i % 20}`);
const folds = groupedFolds(cues, senses, 5, 1);

const oneFrame = {
  frames: Array.from({ length: SENTENCES }, () => "{} noun"),
  neutralFrames: Array.from({ length: 30 }, () => "{} noun"),
};

/** What a write adds along the axes of the chosen sense (coordinate 0 or 1) and of the rejected one. */
interface Planted {
  readonly chosen: number;
  readonly rejected: number;
  /** The write is so many times the stream beside that: growth without a word for either sense. */
  readonly growth?: number;
}

function noun(seed: number, { chosen, rejected, growth = 0 }: Planted): Joined {
  const { normal } = random(seed);
  const noise = (rows: number, size: number) =>
    dense(
      rows,
      WIDTH,
      Float64Array.from({ length: rows * WIDTH }, () => size * normal()),
    );
  const stream = noise(SENTENCES, 0.5);
  const write = noise(SENTENCES, 0.1);
  const common = Float64Array.from({ length: WIDTH }, normal);
  for (let i = 0; i < SENTENCES; i++) {
    const [h, d] = [row(stream, i), row(write, i)];
    for (let j = 0; j < WIDTH; j++) h[j]! += 2 * common[j]!;
    h[senses[i]!]! += 2;
    h[1 - senses[i]!]! += 0.5;
    d[senses[i]!]! += chosen;
    d[1 - senses[i]!]! += rejected;
    // Grows what all sentences share: neither sense.
    for (let j = 2; j < WIDTH; j++) d[j]! += growth * 2 * common[j]!;
  }
  const neutralStream = noise(30, 0.5);
  const neutralWrite = noise(30, 0.1);
  for (let i = 0; i < 30; i++)
    for (let j = 0; j < WIDTH; j++) {
      row(neutralStream, i)[j]! += 2 * common[j]!;
      if (j > 1) row(neutralWrite, i)[j]! += growth * 2 * common[j]!;
    }
  return { stream, write, neutralStream, neutralWrite, ...oneFrame };
}

const figures = (seed: number, planted: Planted) => alongSenses(noun(seed, planted), senses, folds, { draws: 8, seed });

function intervalOf(planted: Planted, of: (figure: (name: Figure) => number) => number, from = 0) {
  const nouns = Array.from({ length: 14 }, (_, n) => figures(from + n, planted));
  const values = nouns.map((all) => of((name) => all[FIGURES.indexOf(name)]!));
  return bootstrap(14, (r) => r.reduce((sum, n) => sum + values[n]!, 0) / r.length, { seed: 1 });
}

describe("writes along two senses", () => {
  it("are found where they were planted, each sense by itself, beyond random axes", () => {
    const planted = { chosen: 0.5, rejected: -0.3 };
    expect(intervalOf(planted, (f) => f("chosen")).lo).toBeGreaterThan(0);
    expect(intervalOf(planted, (f) => f("chosen") - f("chosen-rd")).lo).toBeGreaterThan(0);
    expect(intervalOf(planted, (f) => f("rejected")).hi).toBeLessThan(0);
    expect(intervalOf(planted, (f) => f("rejected") - f("rejected-rd")).hi).toBeLessThan(0);
  });

  it("that feed one sense alone don't count as writes against the other", () => {
    // The stream's own mixture of both coordinates, so that it lengthens the sense's direction and no more.
    const one = { chosen: 0.5, rejected: 0.125 };
    const chosen = intervalOf(one, (f) => f("chosen"));
    const rejected = intervalOf(one, (f) => f("rejected"));
    expect(chosen.lo).toBeGreaterThan(0);
    expect(Math.abs(rejected.value)).toBeLessThan(0.1 * chosen.value);
  });

  it("that say nothing of the senses are found at the stated rate", () => {
    let outside = 0;
    for (let run = 0; run < 40; run++) {
      const { lo, hi } = intervalOf({ chosen: 0, rejected: 0 }, (f) => f("chosen"), 1000 * run);
      outside += Number(lo > 0 || hi < 0);
    }
    // A percentile interval over 14 nouns is somewhat narrow: nearer 8 % than 5 %.
    expect(outside).toBeLessThanOrEqual(8);
  });

  it("that only undo what the streams happen to hold count against neither sense", () => {
    const nouns = Array.from({ length: 40 }, (_, n) => {
      const { normal } = random(5000 + n);
      const noise = (rows: number) => dense(rows, WIDTH, Float64Array.from({ length: rows * WIDTH }, normal));
      const [stream, neutralStream] = [noise(SENTENCES), noise(30)];
      const undo = (x: Dense) =>
        dense(
          x.rows,
          WIDTH,
          x.data.map((v) => -0.5 * v),
        );
      const joined = { stream, write: undo(stream), neutralStream, neutralWrite: undo(neutralStream), ...oneFrame };
      return alongSenses(joined, senses, folds, { draws: 2, seed: n });
    });
    for (const figure of ["chosen", "rejected"] as const) {
      const of = (n: number) => nouns[n]![FIGURES.indexOf(figure)]!;
      const { lo, hi } = bootstrap(40, (r) => r.reduce((sum, n) => sum + of(n), 0) / r.length, { seed: 1 });
      expect(lo).toBeLessThan(0);
      expect(hi).toBeGreaterThan(0);
    }
  });

  it("that only undo what their frames put there count against neither sense", () => {
    // As in the set of senses: a frame stands twice in either sense, each time with another cue.
    const items = Array.from({ length: SENTENCES }, (_, i) => ({
      sense: i % 2,
      frame: `frame ${Math.floor(i / 4)}`,
      cue: `${i % 2} ${(Math.floor(i / 2) * 7) % 10}`,
    })) as unknown as Item[];
    const nouns = Array.from({ length: 14 }, (_, n) => {
      const { normal } = random(90 + n);
      const ways = Array.from({ length: SENTENCES / 4 }, () => Float64Array.from({ length: WIDTH }, normal));
      const streams = (frames: readonly number[]) =>
        dense(
          frames.length,
          WIDTH,
          Float64Array.from(frames.flatMap((f) => Array.from(ways[f]!, (v) => v + 0.1 * normal()))),
        );
      const neutralFrames = Array.from({ length: SENTENCES }, (_, i) => Math.floor(i / 4));
      const stream = streams(items.map((_, i) => Math.floor(i / 4)));
      const neutralStream = streams(neutralFrames);
      const undo = (x: Dense) =>
        dense(
          x.rows,
          WIDTH,
          x.data.map((v) => -0.5 * v),
        );
      const joined = {
        stream,
        write: undo(stream),
        neutralStream,
        neutralWrite: undo(neutralStream),
        frames: items.map(({ frame }) => frame),
        neutralFrames: neutralFrames.map((f) => `frame ${f}`),
      };
      return alongSenses(joined, senses, cueFolds(items, senses, 5, n), { draws: 2, seed: n });
    });
    for (const figure of ["chosen", "rejected", "chosen-held", "rejected-held"] as const) {
      const of = (n: number) => nouns[n]![FIGURES.indexOf(figure)]!;
      const { lo, hi } = bootstrap(14, (r) => r.reduce((sum, n) => sum + of(n), 0) / r.length, { seed: 1 });
      expect(lo, figure).toBeLessThan(0);
      expect(hi, figure).toBeGreaterThan(0);
    }
  });

  it("of a stream that only grows are none, though every share falls", () => {
    const growing = { chosen: 0, rejected: 0, growth: 1 };
    const written = intervalOf(growing, (f) => f("chosen"));
    expect(written.lo).toBeLessThan(0);
    expect(written.hi).toBeGreaterThan(0);
    expect(intervalOf(growing, (f) => f("chosen-share")).hi).toBeLessThan(0);
    expect(intervalOf(growing, (f) => f("growth")).lo).toBeGreaterThan(1.5);
  });

  it("are undefined where all sentences have one stream, as at the embedding", () => {
    const joined = noun(1, { chosen: 0.5, rejected: 0 });
    const flat = (rows: number) => dense(rows, WIDTH, new Float64Array(rows * WIDTH).fill(1));
    const all = alongSenses({ ...joined, stream: flat(SENTENCES), neutralStream: flat(30) }, senses, folds, {
      draws: 2,
      seed: 1,
    });
    expect([...all].every(Number.isNaN)).toBe(true);
  });

  it("are along the directions that they are told, where they are told any", () => {
    const unit = (at: number) => Float64Array.from({ length: WIDTH }, (_, j) => Number(j === at));
    const all = alongSenses(noun(3, { chosen: 0.5, rejected: -0.3 }), senses, folds, {
      draws: 2,
      seed: 1,
      directions: () => [unit(7), unit(8)],
    });
    expect(Math.abs(all[FIGURES.indexOf("chosen")]!)).toBeLessThan(0.01);
    expect(all[FIGURES.indexOf("cosine")]).toBe(0);
  });
});

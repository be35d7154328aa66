import { describe, expect, it } from "vitest";
import { dense } from "../../pipeline/statistics/dense.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { crossPredictTasks } from "../../pipeline/statistics/ridge-classifier.ts";

const N = 120;
const generator = random(3);
const first = Array.from({ length: N }, () => generator.int(3));
const second = Array.from({ length: N }, () => generator.int(2));
const x = dense(N, 6);
for (let i = 0; i < N; i++)
  for (let j = 0; j < 6; j++)
    x.data[i * 6 + j] = 100 * j + generator.normal() * 0.1 + (j === first[i] ? 2 : 0) + (j === 5 ? second[i]! : 0);
const fold = (rest: number) => ({
  train: Int32Array.from([...first.keys()].filter((i) => i % 2 !== rest)),
  test: Int32Array.from([...first.keys()].filter((i) => i % 2 === rest)),
});

describe("ridge classifiers of several tasks", () => {
  it("tell each task's classes on the fold left out, whatever the features' scale", () => {
    const [a, b] = crossPredictTasks(x, [first, second], [fold(0), fold(1)], 0.01);
    expect([...a!]).toEqual(first);
    expect([...b!]).toEqual(second);
  });

  it("answer nothing where no fold tests", () => {
    const [a] = crossPredictTasks(x, [first], [fold(0)], 0.01);
    expect(Array.from(a!).filter((label) => label === -1).length).toBe(N / 2);
  });

  it("don't learn from the fold they are tested on", () => {
    const noise = dense(N, 200);
    for (let i = 0; i < noise.data.length; i++) noise.data[i] = generator.normal();
    const [a] = crossPredictTasks(noise, [second], [fold(0), fold(1)], 0.01);
    const right = second.filter((label, i) => label === a![i]).length / N;
    expect(right).toBeGreaterThan(0.3);
    expect(right).toBeLessThan(0.7);
  });
});

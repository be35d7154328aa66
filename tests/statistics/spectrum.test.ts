import { describe, expect, it } from "vitest";
import { type Dense, dense, row, times, timesTransposed, transpose } from "../../pipeline/statistics/dense.ts";
import { effectiveRank } from "../../pipeline/statistics/hoyer.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { sparse, truncatedSvd } from "../../pipeline/statistics/sparse.ts";
import { orthonormalise, subspaceOverlap, symmetricEigen, topEigen } from "../../pipeline/statistics/spectrum.ts";
import { expectClose, golden, matrix } from "./golden.ts";

const recorded = golden("spectra");

/** Projector onto the span of orthonormal rows: what of eigenvectors doesn't depend on signs. */
function projector(rows: Dense): Float64Array {
  return times(transpose(rows), rows).data;
}

function first(rows: Dense, k: number): Dense {
  return dense(k, rows.columns, rows.data.slice(0, k * rows.columns));
}

describe("symmetric eigenvalues", () => {
  it("agree with numpy, values and subspaces", () => {
    const { values, vectors } = symmetricEigen(matrix(recorded.symmetric));
    expectClose(values, recorded.eigenvalues, 1e-9);
    expectClose(projector(first(vectors, 3)), recorded.projector3.data, 1e-9);
    expectClose(
      timesTransposed(vectors, vectors).data,
      dense(
        30,
        30,
        Array.from({ length: 900 }, (_, i) => (i % 31 === 0 ? 1 : 0)),
      ).data,
      1e-10,
    );
  });

  it("make the effective rank that numpy's make", () => {
    expectClose([effectiveRank(symmetricEigen(matrix(recorded.gram)).values)], [recorded.effective_rank], 1e-9);
  });

  it("refuse a matrix that isn't symmetric", () => {
    expect(() => symmetricEigen(dense(2, 2, [1, 2, 3, 4]))).toThrow("entries (1, 0) and (0, 1)");
  });
});

describe("the largest eigenvalues by subspace iteration", () => {
  it("agree with numpy's, from any seed", () => {
    const gram = matrix(recorded.gram);
    for (const seed of [1, 2]) {
      const { values, vectors } = topEigen((block) => times(block, gram), 60, 5, seed);
      expectClose(values, recorded.gram_top, 1e-6);
      const all = symmetricEigen(gram);
      expectClose([subspaceOverlap(vectors, first(all.vectors, 5))], [1], 1e-9);
    }
  });

  it("find the most negative too, where signs are mixed", () => {
    const a = matrix(recorded.symmetric);
    const { values } = topEigen((block) => times(block, a), 30, 4, 1);
    const expected = [...recorded.eigenvalues].sort((x, y) => Math.abs(y) - Math.abs(x)).slice(0, 4);
    expectClose(values, expected, 1e-6);
  });
});

describe("overlap of subspaces", () => {
  it("is 1 for one subspace in two bases, k/size on average for random ones", () => {
    const generator = random(1);
    const draw = () =>
      orthonormalise(
        dense(
          4,
          40,
          Array.from({ length: 160 }, () => generator.normal()),
        ),
      );
    const a = draw();
    const turned = orthonormalise(
      times(
        dense(
          4,
          4,
          Array.from({ length: 16 }, () => generator.normal()),
        ),
        a,
      ),
    );
    expect(subspaceOverlap(a, turned)).toBeCloseTo(1, 10);
    let mean = 0;
    for (let i = 0; i < 200; i++) mean += subspaceOverlap(a, draw()) / 200;
    expect(Math.abs(mean - 0.1)).toBeLessThan(0.01);
  });
});

describe("the truncated SVD of a sparse matrix", () => {
  const { rows, columns, entries } = recorded.sparse;

  it("agrees with numpy's full one, values and both subspaces", () => {
    const { values, left, right } = truncatedSvd(sparse(rows, columns, entries), 6, 3, 60);
    expectClose(values, recorded.singular, 1e-6);
    expectClose(projector(right), recorded.right_projector.data, 1e-6);
    expectClose(projector(left), recorded.left_projector.data, 1e-6);
  });

  it("takes entries in any order, adds up doubles, refuses those outside", () => {
    const a = sparse(2, 3, [
      [1, 2, 5],
      [0, 1, 2],
      [1, 0, 1],
      [0, 1, 3],
    ]);
    expect([Array.from(a.offsets), Array.from(a.indices), Array.from(a.values)]).toEqual([
      [0, 1, 3],
      [1, 0, 2],
      [5, 1, 5],
    ]);
    expect(() => sparse(2, 2, [[0, 2, 1]])).toThrow("Entry (0, 2) is outside a 2 × 2 matrix.");
    expect(row(truncatedSvd(a, 1, 1).right, 0).length).toBe(3);
  });
});

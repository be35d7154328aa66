import type { DataType } from "../runtime.ts";
import { type Extent, type Graph, productOf, type Value } from "./graph.ts";

/** ONNX operators (opset 21) with shape inference. Names and meanings are ONNX's unless a docstring says otherwise. */

const dims = (v: Value) => `[${v.shape.join(", ")}]`;

/** NumPy broadcasting of shapes. Throws when two extents differ and neither is 1. */
export function broadcastShape(op: string, a: Value, b: Value): Extent[] {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a.shape[i - rank + a.shape.length] ?? 1;
    const y = b.shape[i - rank + b.shape.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new Error(`${op}: shapes ${dims(a)} and ${dims(b)} do not broadcast (${x} against ${y}).`);
  });
}

const one = (
  op: string,
  inputs: readonly Value[],
  type: DataType,
  shape: readonly Extent[],
  attributes: Parameters<Graph["node"]>[3] = {},
): Value => inputs[0]!.graph.node(op, inputs, [{ type, shape }], attributes)[0]!;

const binary = (op: string) => (a: Value, b: Value | number) => {
  const right = typeof b === "number" ? scalar(a.graph, b, a.type) : b;
  return one(op, [a, right], a.type, broadcastShape(op, a, right));
};
const unary = (op: string) => (x: Value) => one(op, [x], x.type, x.shape);
const compare = (op: string) => (a: Value, b: Value | number) => {
  const right = typeof b === "number" ? scalar(a.graph, b, a.type) : b;
  return one(op, [a, right], "bool", broadcastShape(op, a, right));
};

export function scalar(graph: Graph, value: number, type: DataType = "float32"): Value {
  const data =
    type === "int64"
      ? BigInt64Array.of(BigInt(value))
      : type === "int32"
        ? Int32Array.of(value)
        : Float32Array.of(value);
  return graph.constant(data, type, []);
}

export function int64s(graph: Graph, values: readonly number[]): Value {
  return graph.constant(BigInt64Array.from(values, BigInt), "int64", [values.length]);
}

export const add = binary("Add");
export const sub = binary("Sub");
export const mul = binary("Mul");
export const div = binary("Div");
export const pow = binary("Pow");
export const maximum = binary("Max");
export const sqrt = unary("Sqrt");
export const exp = unary("Exp");
export const log = unary("Log");
export const neg = unary("Neg");
export const cos = unary("Cos");
export const sin = unary("Sin");
export const abs = unary("Abs");
export const tanh = unary("Tanh");
export const sigmoid = unary("Sigmoid");
export const greater = compare("Greater");
export const greaterOrEqual = compare("GreaterOrEqual");
export const equal = compare("Equal");

/** x · sigmoid(x), "swish" (Ramachandran et al. 2017). */
export const silu = (x: Value): Value => mul(x, sigmoid(x));

export const where = (condition: Value, a: Value, b: Value): Value =>
  one(
    "Where",
    [condition, a, b],
    a.type,
    broadcastShape("Where", { ...a, shape: broadcastShape("Where", condition, a) }, b),
  );

export const cast = (x: Value, type: DataType): Value => {
  const code = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 }[type];
  return x.type === type ? x : one("Cast", [x], type, x.shape, { to: code });
};

export const softmax = (x: Value, axis = -1): Value => one("Softmax", [x], x.type, x.shape, { axis });

/** Batched matrix product over the last two axes, the leading ones broadcast. */
export function matmul(a: Value, b: Value): Value {
  const [m, k] = a.shape.slice(-2);
  const [k2, n] = b.shape.slice(-2);
  if (a.shape.length < 2 || b.shape.length < 2 || k !== k2)
    throw new Error(`MatMul: inner extents differ: ${dims(a)} · ${dims(b)}.`);
  const lead = broadcastShape("MatMul", { ...a, shape: a.shape.slice(0, -2) }, { ...b, shape: b.shape.slice(0, -2) });
  return one("MatMul", [a, b], a.type, [...lead, m!, n!]);
}

/** x · Wᵀ (+ bias) for x [..., in] and W [out, in] as checkpoints store it: [..., out]. */
export function linear(x: Value, weight: Value, bias?: Value): Value {
  const [out, width] = weight.shape;
  if (x.shape.at(-1) !== width) throw new Error(`linear: ${dims(x)} does not fit a weight of ${dims(weight)}.`);
  const rows = productOf(x.shape.slice(0, -1));
  const flat = x.shape.length === 2 ? x : reshape(x, [rows, width!]);
  const product = one("Gemm", bias ? [flat, weight, bias] : [flat, weight], x.type, [rows, out!], { transB: 1 });
  return x.shape.length === 2 ? product : reshapeLike(product, x, out!);
}

/** Reshape to extents of which at most one may be a name that stands alone for "the rest". */
export function reshape(x: Value, shape: readonly Extent[]): Value {
  const kept = shape.map((extent, i) => (typeof extent === "string" && x.shape[i] === extent ? 0 : extent));
  const free = kept.filter((extent) => typeof extent === "string");
  if (free.length > 1) throw new Error(`reshape: ${dims(x)} to [${shape.join(", ")}] leaves two extents unknown.`);
  const target = kept.map((extent) => (typeof extent === "string" ? -1 : extent));
  return one("Reshape", [x, int64s(x.graph, target)], x.type, shape);
}

/** Reshape by ONNX's own rule (0 keeps the extent at that place, −1 is inferred), to the `shape` that the caller knows it has. */
export const reshapeAs = (x: Value, rule: readonly number[], shape: readonly Extent[]): Value =>
  one("Reshape", [x, int64s(x.graph, rule)], x.type, shape);

/** Gives `flat` [rows, width] the leading axes of `like`: [...like's, width]. */
export function reshapeLike(flat: Value, like: Value, width: Extent): Value {
  const lead = like.shape.slice(0, -1);
  const graph = flat.graph;
  const leadShape = one("Shape", [like], "int64", [lead.length], { start: 0, end: lead.length });
  const target = concat([leadShape, int64s(graph, [-1])], 0);
  return one("Reshape", [flat, target], flat.type, [...lead, width]);
}

export const transpose = (x: Value, order: readonly number[]): Value =>
  one(
    "Transpose",
    [x],
    x.type,
    order.map((axis) => x.shape[axis]!),
    { perm: order },
  );

export function concat(parts: readonly Value[], axis: number): Value {
  const first = parts[0]!;
  const at = axis < 0 ? axis + first.shape.length : axis;
  const sizes = parts.map((part) => part.shape[at]!);
  const total = sizes.every((s) => typeof s === "number")
    ? sizes.reduce((sum: number, s) => sum + Number(s), 0)
    : sizes.join("+");
  return one("Concat", parts, first.type, first.shape.with(at, total), { axis: at });
}

export function unsqueeze(x: Value, axes: readonly number[]): Value {
  const shape = [...x.shape];
  for (const axis of axes) shape.splice(axis, 0, 1);
  return one("Unsqueeze", [x, int64s(x.graph, axes)], x.type, shape);
}

export function squeeze(x: Value, axes: readonly number[]): Value {
  const at = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  return one(
    "Squeeze",
    [x, int64s(x.graph, at)],
    x.type,
    x.shape.filter((_, i) => !at.includes(i)),
  );
}

/** x[..., start:end, ...] along one axis, `end` exclusive; a named extent needs its own name given as `extent`. */
export function slice(x: Value, axis: number, start: number, end: number, extent?: Extent): Value {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const size = x.shape[at]!;
  const within = (i: number) => (i < 0 && typeof size === "number" ? size + i : i);
  const length =
    extent ?? (typeof size === "number" ? Math.min(within(end), size) - within(start) : within(end) - within(start));
  const g = x.graph;
  return one("Slice", [x, int64s(g, [start]), int64s(g, [end]), int64s(g, [at])], x.type, x.shape.with(at, length));
}

/** The first `length` rows of axis 0, where `length` is a scalar known only when the graph runs. */
export function firstRows(x: Value, length: Value, extent: Extent): Value {
  const g = x.graph;
  const end = unsqueeze(length, [0]);
  return one("Slice", [x, int64s(g, [0]), end, int64s(g, [0])], x.type, [extent, ...x.shape.slice(1)]);
}

export const gather = (x: Value, indices: Value, axis = 0): Value =>
  one("Gather", [x, indices], x.type, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], {
    axis,
  });

/** x's elements along the last axis at `indices` (same leading axes). */
export const gatherElements = (x: Value, indices: Value): Value =>
  one("GatherElements", [x, indices], x.type, indices.shape, { axis: x.shape.length - 1 });

const reduce =
  (op: string) =>
  (x: Value, axes: readonly number[], keep = false): Value => {
    const at = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
    const shape = keep ? x.shape.map((e, i) => (at.includes(i) ? 1 : e)) : x.shape.filter((_, i) => !at.includes(i));
    return one(op, [x, int64s(x.graph, at)], x.type, shape, { keepdims: keep ? 1 : 0 });
  };
export const reduceSum = reduce("ReduceSum");
export const reduceMean = reduce("ReduceMean");
export const reduceMax = reduce("ReduceMax");

/** The k largest along the last axis, largest first: values and int64 indices. */
export function topK(x: Value, k: number): { values: Value; indices: Value } {
  const shape = x.shape.with(-1, k);
  const [values, indices] = x.graph.node(
    "TopK",
    [x, int64s(x.graph, [k])],
    [
      { type: x.type, shape },
      { type: "int64", shape },
    ],
    { axis: -1, largest: 1, sorted: 1 },
  );
  return { values: values!, indices: indices! };
}

/** Number of elements along one axis, as an int64 scalar. */
export function extentOf(x: Value, axis: number): Value {
  return squeeze(one("Shape", [x], "int64", [1], { start: axis, end: axis + 1 }), [0]);
}

/** 0, 1, …, n − 1 as int64 for an int64 scalar n. */
export const range = (n: Value, extent: Extent): Value =>
  one("Range", [scalar(n.graph, 0, "int64"), n, scalar(n.graph, 1, "int64")], "int64", [extent]);

/** x broadcast to the shape of `like`. */
export const expandLike = (x: Value, like: Value): Value =>
  one("Expand", [x, one("Shape", [like], "int64", [like.shape.length])], x.type, like.shape);

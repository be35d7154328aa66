import type { Verdict } from "../../pipeline/artifacts/verdict.ts";

/** One element of a verdict's mark, in a square of 12. */
export interface Shape {
  readonly tag: "circle" | "path";
  readonly attributes: Readonly<Record<string, string>>;
}

const path = (d: string, attributes: Record<string, string>): Shape => ({
  tag: "path",
  attributes: { d, ...attributes },
});
const circle = (r: string, attributes: Record<string, string>): Shape => ({
  tag: "circle",
  attributes: { cx: "6", cy: "6", r, ...attributes },
});
const ink = { fill: "currentColor" };
const line = (width: string) => ({ fill: "none", stroke: "currentColor", "stroke-width": width });

/** The marks of the seven verdicts: told apart by shape before colour. */
export const verdictShapes: Record<Verdict, readonly Shape[]> = {
  supported: [circle("4.2", ink)],
  contradicted: [path("M2.2 2.2 9.8 9.8M9.8 2.2 2.2 9.8", { ...line("1.9"), "stroke-linecap": "round" })],
  mixed: [circle("4.6", line("1.3")), path("M6 1.4A4.6 4.6 0 0 0 6 10.6Z", ink)],
  confounded: [path("M6 1 11 6 6 11 1 6Z", { ...line("1.35"), "stroke-linejoin": "round" })],
  inconclusive: [circle("4.2", line("1.35"))],
  untested: [circle("1.3", ink)],
  untestable: [path("M2 6H10", line("1.5"))],
};

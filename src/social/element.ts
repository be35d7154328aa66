/** What satori draws: elements as React has them, without React. */
export interface Drawn {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

type Child = Drawn | string | undefined | false;

/** A box with a style; boxes in satori say how their children stand. */
export const box = (style: Record<string, string | number>, ...children: readonly Child[]): Drawn => ({
  type: "div",
  props: { style: { display: "flex", ...style }, children: children.filter(Boolean) },
});

/** An element of an SVG. */
export const svg = (
  type: string,
  attributes: Record<string, string | number>,
  ...children: readonly Drawn[]
): Drawn => ({ type, props: { ...attributes, children } });

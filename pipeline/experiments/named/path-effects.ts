import type { Fall, PathPair, Removal } from "./garden-effects.ts";

/** Either side of an effect: along a sense's axis, or along random directions. */
type EffectOf = (pair: PathPair, along: keyof Fall) => number;

/** Removals in words. */
export const TAKEN = {
  minority: "minority sense taken out",
  majority: "majority sense taken out",
  set: "a plain sentence's worth of the minority sense taken out",
  added: "a plain sentence's worth of the minority sense put in",
} as const satisfies Record<Removal, string>;

const garden = (removal: Removal): [string, EffectOf] => [
  `${TAKEN[removal]}, garden path`,
  (p, along) => p.garden[removal][along],
];
const control = (removal: Removal): [string, EffectOf] => [
  `${TAKEN[removal]}, control`,
  (p, along) => p.control[removal][along],
];
const between = (removal: Removal): [string, EffectOf] => [
  `${TAKEN[removal]}: fall in the garden path less that in the control`,
  (p, along) => p.garden[removal][along] - p.control[removal][along],
];

/** What is estimated of them, by the estimate's name: label, and how it is read off a pair. */
export const EFFECTS = {
  interaction: between("minority"),
  "garden-minority": garden("minority"),
  "control-minority": control("minority"),
  "garden-majority": garden("majority"),
  "control-majority": control("majority"),
  "interaction-set": between("set"),
  "garden-set": garden("set"),
  "control-set": control("set"),
  "interaction-added": between("added"),
  "garden-added": garden("added"),
  "control-added": control("added"),
} as const satisfies Record<string, readonly [string, EffectOf]>;
export type Effect = keyof typeof EFFECTS;

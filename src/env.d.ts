/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The content file that the page shows, so that its components know where they stand. */
    file?: string;
  }
}

declare module "@citation-js/core" {
  export class Cite {
    constructor(data: readonly Record<string, unknown>[] | string);
    /** What was read, as CSL-JSON. */
    readonly data: readonly Record<string, unknown>[];
    format(format: "bibtex" | "ris" | "bibliography", options?: Record<string, unknown>): string;
  }
}
declare module "@citation-js/plugin-bibtex";
declare module "@citation-js/plugin-ris";

declare module "subset-font" {
  /** By axis (`wght`, `opsz`): the one place on it that stays, or a range. */
  export type VariationAxes = Record<string, number | { min: number; max: number }>;
  /** The glyphs of `text` in a font. Rejects when an axis is not there. */
  // biome-ignore lint/style/noDefaultExport: the package's own
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: "woff2"; variationAxes?: VariationAxes },
  ): Promise<Buffer>;
}

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

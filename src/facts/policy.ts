/** What a page does that the policy of the others forbids. */
export type Need = "wasm";

/**
 * The content-security policy of a page, as its meta tag has it. Pagefind and ONNX Runtime compile WebAssembly, which
 * `'wasm-unsafe-eval'` permits and nothing else does. The headers (`integrations/headers.ts`) say what such a page needs:
 * a page may then be stricter, never laxer.
 */
export const policyFor = (needs: readonly Need[]): string =>
  [
    "default-src 'none'",
    `script-src 'self'${needs.includes("wasm") ? " 'wasm-unsafe-eval'" : ""}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");

/** The same in `astro dev`, where Vite puts styles into the page itself. */
export const policyInDev = (needs: readonly Need[]): string =>
  policyFor(needs).replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

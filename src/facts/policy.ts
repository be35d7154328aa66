/**
 * The content-security policy of every page, as the meta tag has it; `public/_headers` says the same for hosts that read it.
 * Pagefind and ONNX Runtime compile WebAssembly, which `'wasm-unsafe-eval'` permits and nothing else does.
 */
export const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

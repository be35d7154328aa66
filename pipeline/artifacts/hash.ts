import { createHash } from "node:crypto";
import { compactJson } from "./canonical-json.ts";

/** SHA-256 in hexadecimal. */
export function sha256Of(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a value, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return sha256Of(compactJson(value));
}

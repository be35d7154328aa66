/** A name in addresses from any text, or an example of one where nothing of it is left. */
export function suggest(text: string): string {
  const clean = text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return clean || "why-do-early-layers-differ";
}

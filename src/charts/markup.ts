/** Text as it may stand between tags or in a quoted attribute. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** JSON as it may stand inside a `<script type="application/json">`: nothing in it can end the element. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The room that a drawn `svg` takes, as attributes of another. Throws where its tag says none. */
export function sizeOf(svg: string): { viewBox: string; width: string; height: string } {
  const tag = svg.slice(0, svg.indexOf(">"));
  const read = (name: string) => {
    const [, value] = new RegExp(` ${name}="([^"]+)"`).exec(tag) ?? [];
    if (value === undefined) throw new Error(`A drawing starts with ${tag}>, which has no ${name}.`);
    return value;
  };
  return { viewBox: read("viewBox"), width: read("width"), height: read("height") };
}

/**
 * Path data with its lines as steps from point to point (`M0,0L10.5,11L11,22` → `M0 0l10.5 11 .5 11`), to a tenth of a pixel:
 * steps along a curve are short and alike, so a drawing packs into half. Every step leads from one rounded point to the next, so that
 * errors don't add up. A path with other commands than M, L and Z is left as it is.
 */
export function relativePath(data: string): string {
  const parts = data.match(/[MLZ][^MLZ]*/g) ?? [];
  if (parts.join("") !== data) return data;
  let at: readonly [number, number] = [0, 0];
  let written = "";
  let inLine = false;
  for (const part of parts) {
    if (part === "Z") {
      written += "Z";
      inLine = false;
      continue;
    }
    const point = part
      .slice(1)
      .split(",")
      .map((n) => Math.round(Number(n) * 10)) as [number, number];
    if (point.length !== 2 || point.some((n) => !Number.isFinite(n))) return data;
    if (part.startsWith("M")) written += `M${tenths(point[0])} ${tenths(point[1])}`;
    else written += `${inLine ? " " : "l"}${tenths(point[0] - at[0])} ${tenths(point[1] - at[1])}`;
    inLine = part.startsWith("L");
    at = point;
  }
  return written;
}

/** `-5` → `-.5` */
const tenths = (n: number): string => String(n / 10).replace(/^(-?)0\./, "$1.");

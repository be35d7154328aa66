/** Why a copy is shown instead of what the site has now. */
export type Reason = "unreachable" | "late" | "failing";

const WHY: Record<Reason, string> = {
  unreachable: "the site cannot be reached",
  late: "the site has not answered yet",
  failing: "the site answers with an error",
};

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });

/** `28 November 2026 at 05:10`, in the reader's time. */
export const dayOf = (date: Date): string => day.format(date);

const time = (date: Date) => `<time datetime="${date.toISOString()}">${dayOf(date)}</time>`;

/**
 * A kept page with a notice before everything else: that it is a copy, of when, and why. It stands in the HTML, so that it
 * shows even where the page's own scripts and styles don't come.
 */
export function withNotice(html: string, date: Date, reason: Reason): string {
  const body = /<body[^>]*>/.exec(html);
  if (!body) return `<p class="kept-copy">Copy of ${time(date)}; ${WHY[reason]}.</p>${html}`;
  const end = body.index + body[0].length;
  const notice = `<aside class="kept-copy" aria-label="A copy"><p role="status">This is your browser’s copy of ${time(date)}, since ${WHY[reason]}. Verdicts and figures may have changed. <a href="">Load the page again</a></p></aside>`;
  return html.slice(0, end) + notice + html.slice(end);
}

/** The title of a page as its HTML has it, escaped. */
export function titleOf(html: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "";
  return title.replaceAll('"', "&quot;");
}

export interface Kept {
  readonly address: string;
  /** As HTML has it. */
  readonly title: string;
  readonly date: Date;
}

/** The page that stands in for one of which there is no copy, with the pages of which there is one, the latest first. */
export function withKept(html: string, kept: readonly Kept[]): string {
  const items = [...kept]
    .sort((a, b) => b.date.getTime() - a.date.getTime())
    .map(
      ({ address, title, date }) =>
        `<li><a href="${address}">${title}</a> <span class="quiet">${time(date)}</span></li>`,
    );
  return html.replace(
    /(<ul[^>]*data-kept[^>]*>)[\s\S]*?(<\/ul>)/,
    (_, open: string, end: string) => open + items.join("") + end,
  );
}

import rss from "@astrojs/rss";
import type { APIRoute } from "astro";
import { escapeMarkup } from "../../charts/markup.ts";
import { addressOf } from "../../facts/addresses.ts";
import { changeFacts } from "../../facts/changes.ts";
import { count } from "../../facts/numbers.ts";
import { absolute, origin, siteTitle } from "../../facts/place.ts";
import { siteFacts } from "../../facts/site.ts";

const LATEST = 100;

/** Each measuring, newest first: which verdicts turned, how many estimates moved, and why it was measured. */
export const GET: APIRoute = () => {
  const items = changeFacts(siteFacts())
    .slice(0, LATEST)
    .map(({ change, id, subject, title, cause, first, turned, decided, moved }) => {
      const on = subject?.data.title ?? change.model;
      const verdicts = [...turned, ...decided].map(
        ({ facts, claim, before, after }) => `${before} → ${after}: ${facts?.claim.statement ?? claim}`,
      );
      const turns = turned.length > 0 ? `, ${count(turned.length, "verdict")} turned` : "";
      const estimates = first
        ? `${count(change.after.estimates, "estimate")}.`
        : `${moved.length} of ${count(change.after.estimates, "estimate")} moved.`;
      return {
        // The list of one experiment: an address that later runs do not push to another page so soon.
        link: absolute(`${addressOf.changes({ experiment: change.experiment })}#${id}`),
        title: `${title} on ${on}: ${first ? "first measured" : "measured again"}${turns}`,
        description: escapeMarkup([cause, estimates, ...verdicts.map((each) => `${each}.`)].join(" ")),
        pubDate: new Date(change.after.measured),
      };
    });
  return rss({
    title: `${siteTitle}: changes`,
    description: "What moved each time something was measured again.",
    site: origin,
    items,
    trailingSlash: false,
  });
};

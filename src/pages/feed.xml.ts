import rss from "@astrojs/rss";
import type { APIRoute } from "astro";
import { escapeMarkup } from "../charts/markup.ts";
import { addressOf } from "../facts/addresses.ts";
import { absolute, origin, siteTitle, tagline } from "../facts/place.ts";
import { siteFacts } from "../facts/site.ts";

/** Lines and notes, newest first. Feed readers take a description for HTML: text is escaped for them. */
export const GET: APIRoute = () => {
  const { vault } = siteFacts();
  const items = [
    ...vault.lines.map(({ id, data }) => ({
      link: absolute(addressOf.line(id)),
      title: data.title,
      description: escapeMarkup(data.standfirst),
      pubDate: new Date(data.date),
    })),
    ...vault.notes.map(({ id, data }) => ({
      link: absolute(addressOf.note(id)),
      title: data.title,
      description: escapeMarkup(data.standfirst),
      pubDate: new Date(data.date),
    })),
  ].sort((a, b) => b.pubDate.getTime() - a.pubDate.getTime());
  return rss({
    title: `${siteTitle}: lines and notes`,
    description: tagline,
    site: origin,
    items,
    trailingSlash: true,
  });
};

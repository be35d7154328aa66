import type { APIRoute, GetStaticPaths } from "astro";
import { siteFacts } from "../facts/site.ts";
import { type CardKind, cardFacts, cardKinds } from "../facts/social.ts";
import { renderCard } from "./render.ts";

/** In `astro dev`: the picture that other sites show beside a link to a page. Builds publish them all at once. */
export const getStaticPaths = (() => {
  const facts = siteFacts();
  return (Object.keys(cardKinds) as CardKind[]).flatMap((kind) =>
    cardKinds[kind](facts).map((id) => ({ params: { kind, id } })),
  );
}) satisfies GetStaticPaths;

export const GET: APIRoute = async ({ params }) => {
  const png = await renderCard(cardFacts(siteFacts(), params.kind as CardKind, params.id!));
  return new Response(png, { headers: { "Content-Type": "image/png" } });
};

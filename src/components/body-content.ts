import { satteriHeadingIdsPlugin } from "@astrojs/markdown-satteri";
import * as runtime from "astro/jsx-runtime";
// @ts-expect-error: what Astro's own MDX integration calls, which has no types.
import { __astro_tag_component__ } from "astro/runtime/server/index.js";
import { type EvaluateOptions, evaluate } from "satteri";
import type { Entry } from "../../pipeline/artifacts/vault.ts";
import { claimMargin } from "../integrations/claim-margin.ts";
import { mathml } from "../integrations/mathml.ts";

/** The body of a content file as a component; `components` are what authors may use without importing it. */
export type BodyContent = (props: { components: Readonly<Record<string, unknown>> }) => unknown;

/**
 * Compiles a body where it is rendered. As modules of the site, bodies would pass through the bundler, each on its own: most of the
 * time and memory of building a large wiki. Rejects, naming the file, where the body is not MDX.
 */
export async function bodyContent({ file, body }: Pick<Entry<unknown>, "file" | "body">): Promise<BodyContent> {
  try {
    const { default: Content } = await evaluate(body, {
      ...(runtime as Pick<EvaluateOptions, "Fragment" | "jsx" | "jsxs">),
      features: { math: true, smartPunctuation: true },
      hastPlugins: [mathml, claimMargin, satteriHeadingIdsPlugin()],
      // Runs without a component in them become HTML at once.
      optimizeStatic: { component: "Fragment", prop: "set:html" },
      elementAttributeNameCase: "html",
    });
    __astro_tag_component__(Content, "astro:jsx");
    return Content as BodyContent;
  } catch (error) {
    throw new Error(`${file}: the body is not MDX: ${(error as Error).message}`, { cause: error });
  }
}

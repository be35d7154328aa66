import Figure from "../Figure.astro";
import SoundingLog from "../SoundingLog.astro";
import TraceStrip from "../TraceStrip.astro";
import Cite from "./Cite.astro";
import Claim from "./Claim.astro";
import ClaimMargin from "./ClaimMargin.astro";
import Source from "./Source.astro";
import Term from "./Term.astro";
import Value from "./Value.astro";

/** What authors may use in MDX without importing it. `ClaimMargin` is put there by `rehype-margin`. */
export const components = { Claim, ClaimMargin, Cite, Source, Value, Term, SoundingLog, Figure, TraceStrip };

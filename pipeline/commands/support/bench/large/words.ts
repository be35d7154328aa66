import type { Random } from "../../../../statistics/random.ts";

/** Words of which large vaults are written: any page then has words in common with others, and some of its own. */
const SUBJECTS =
  "the early block|a later block|the final norm|an attention head|the residual stream|a wide unit|one sparse unit|the unembedding|a linear probe|the shuffled control|each sublayer|the middle third|a tuned read-out|the embedding|a rare token|the loudest direction";
const VERBS =
  "keeps|loses|sharpens|carries|repeats|narrows|scatters|gathers|undoes|delays|copies|weighs|separates|follows|outlasts|contradicts";
const OBJECTS =
  "what the passage needs|a second meaning|the next word|its own input|half of the variance|the order of the words|a guess that is soon dropped|the company of its neighbours|some of the noise|the share that chance would give|a trace of the prompt|the sense that was read last|more than random weights do|a pattern over many tokens|the figure of the block before|nothing that can be read here";
const PLACES =
  "in most passages|at every depth|below the middle|under both seeds|on running text|for frequent words|where the lens is blind|after the second block|in one family of five|before the last sublayer|with the control beside it|as far as it was measured";
const JOINTS = "and|but|while|so that|though|as";

const words = {
  subject: SUBJECTS.split("|"),
  verb: VERBS.split("|"),
  object: OBJECTS.split("|"),
  place: PLACES.split("|"),
  joint: JOINTS.split("|"),
};

const pick = <T>(from: readonly T[], random: Random): T => from[random.int(from.length)]!;

/** One clause without a full stop, such as `a linear probe follows the next word on running text`. */
export const clause = (random: Random): string =>
  (["subject", "verb", "object", "place"] as const).map((part) => pick(words[part], random)).join(" ");

/** A sentence of one to three clauses. */
export function sentence(random: Random): string {
  let text = clause(random);
  for (let more = random.int(3); more > 0; more--) text += `, ${pick(words.joint, random)} ${clause(random)}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** So many sentences. */
export const paragraph = (sentences: number, random: Random): string =>
  Array.from({ length: sentences }, () => sentence(random)).join(" ");

/** `word` and `word-of-the-many-12`: a question that no other number has, as a title and as a name in addresses. */
export function question(number: number, random: Random): { title: string; slug: string } {
  const text = `does ${clause(random)} in case ${number}`;
  return { title: `${text.charAt(0).toUpperCase()}${text.slice(1)}?`, slug: text.replace(/[^a-z0-9]+/g, "-") };
}

import { measure } from "../../../jobs/measure.ts";
import { makePlan } from "../../../jobs/plan.ts";
import { workplaceAt } from "../../../jobs/workplace.ts";

/** Measures all of a vault in this process: a thousand processes would take minutes. */
export async function measureHere(root: string): Promise<void> {
  const { processes: _, ...place } = workplaceAt(root, () => ({ end() {} }));
  const plan = await makePlan(root);
  for (const { error } of plan.broken) throw error;
  const outcomes = await measure(place, plan, plan.jobs, { signal: new AbortController().signal });
  for (const { error } of outcomes) if (error) throw error;
}

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes a minute or more on two cores, longest first: begun late, one of them runs on when all else is done. */
const LONGEST = [
  "tests/readme.test.ts",
  "tests/browser/every-page.test.ts",
  "tests/browser/live.test.ts",
  "tests/engine/points/identities.test.ts",
  "tests/commands/bench.test.ts",
  "tests/browser/light.test.ts",
];

/**
 * The order of test files: of each project the long ones, then as Vitest has them, which goes by size on a machine that has no
 * record yet. Projects stay apart, since the README's `npm start` takes both cores, and so do browsers.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return found < 0 ? LONGEST.length : found;
    };
    const projects = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...projects.values()].flatMap((own) => own.toSorted((a, b) => place(a) - place(b)));
  }
}

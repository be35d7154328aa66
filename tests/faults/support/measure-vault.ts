import { measureCommand } from "../../../pipeline/commands/measure.ts";
import { run } from "../../../pipeline/commands/support/errors.ts";
import { tinyWorkplace } from "./tiny-model.ts";

/** `measure` on the vault named by the first argument. */
await run(() => measureCommand(tinyWorkplace(process.argv[2]!), {}))();

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test("a reader that has read enough and goes ends the command without a fault", async () => {
  const command = spawn(process.execPath, ["pipeline/cli.ts", "models", "list"]);
  command.stdout.destroy();
  let said = "";
  command.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(command, "close");
  expect({ code, said }).toEqual({ code: 0, said: "" });
});

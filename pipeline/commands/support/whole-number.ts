import { InvalidArgumentError } from "commander";

/** The number of an option that counts something. Throws InvalidArgumentError on anything but 1 to 999,999. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number from 1.");
}

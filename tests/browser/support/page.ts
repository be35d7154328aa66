import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";

let browser: Browser;

/** Connects to the browser that all files share; call it once at the top of a file. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.connect(inject("browser"));
  });
  afterAll(async () => {
    await browser.close();
  });
}

/** A fresh profile, to be closed by whoever asks for it. Without a service worker, which would keep what it sees, unless asked for. */
export const newContext = (options: BrowserContextOptions = {}): Promise<BrowserContext> =>
  browser.newContext({ viewport: { width: 1360, height: 900 }, serviceWorkers: "block", ...options });

export interface Opened {
  page: Page;
  /** Errors of the console and of scripts, and refusals by the content-security policy. */
  errors: string[];
  /** Addresses that were asked for outside the site. */
  strangers: string[];
  /** Answers that are errors, of all that the page asked for. */
  lost: string[];
}

/**
 * Opens a page in a fresh profile, hands it to `use`, and closes it. Afterwards no script may have failed and no request may
 * have left the site.
 */
export async function visit(
  address: string,
  use: (opened: Opened) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await newContext(options);
  const page = await context.newPage();
  const { origin } = new URL(address);
  const errors: string[] = [];
  const strangers: string[] = [];
  const lost: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:") && !url.startsWith("blob:")) strangers.push(url);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) lost.push(`${response.status()} ${response.url()}`);
  });
  try {
    await page.goto(address, { waitUntil: "load" });
    await use({ page, errors, strangers, lost });
    expect(errors, `errors on ${address}`).toEqual([]);
    expect(strangers, `requests that left ${address}`).toEqual([]);
  } finally {
    await context.close();
  }
}

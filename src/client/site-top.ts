/** Where the site begins, which may be a folder of its host: its name in the head of each page leads there. */
export const siteTop = (): string => document.querySelector<HTMLAnchorElement>("a.name")?.href ?? `${location.origin}/`;

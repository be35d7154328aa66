const KEY = "recent";
const KEPT = 8;

/** A page that was read in this browser. The list never leaves it. */
export interface Recent {
  path: string;
  title: string;
  kind: string;
}

/** The pages read last, the latest first; none where storage is switched off or holds something else. */
export function recentPages(): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each): each is Recent => typeof each?.path === "string") : [];
  } catch {
    return [];
  }
}

export function forgetRecent(): void {
  keep([]);
}

/** Puts this page first, if it is one of those that are searched. */
export function rememberPage(): void {
  const kind = document.querySelector('[data-pagefind-meta="kind"]')?.textContent;
  const title = document.querySelector("h1")?.textContent?.replace(/\s+/g, " ").trim();
  if (!kind || !title) return;
  const here = { path: location.pathname, title, kind };
  keep([here, ...recentPages().filter(({ path }) => path !== here.path)].slice(0, KEPT));
}

function keep(pages: Recent[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(pages));
  } catch {
    // Storage may be switched off: then nothing is remembered.
  }
}

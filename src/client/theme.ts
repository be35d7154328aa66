/** Switches between light and dark and remembers the choice; until then the system's preference holds. */
class ThemeToggle extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    const show = () => button?.setAttribute("aria-pressed", String(current() === "dark"));
    button?.setAttribute("aria-label", "Dark");
    button?.addEventListener("click", () => setTheme(current() === "dark" ? "light" : "dark"));
    // The palette sets it too.
    document.addEventListener("theme", show);
    show();
  }
}

/** Light, dark, or as the system has it; remembered. */
export function setTheme(theme: "light" | "dark" | "system"): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage may be switched off: the choice then lasts for this page.
  }
  document.dispatchEvent(new Event("theme"));
}

function current(): "light" | "dark" {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

customElements.define("theme-toggle", ThemeToggle);

/** Switches between light and dark and remembers the choice; until then the system's preference holds. */
class ThemeToggle extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    const show = () => button?.setAttribute("aria-pressed", String(current() === "dark"));
    button?.setAttribute("aria-label", "Dark");
    button?.addEventListener("click", () => {
      const next = current() === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      try {
        localStorage.setItem("theme", next);
      } catch {
        // Storage may be switched off: the choice then lasts for this page.
      }
      show();
    });
    show();
  }
}

function current(): "light" | "dark" {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

customElements.define("theme-toggle", ThemeToggle);

/** `<copy-button><pre>…</pre></copy-button>`: adds a button that copies the text, where the browser can. */
class CopyButton extends HTMLElement {
  connectedCallback(): void {
    const text = this.querySelector("pre, blockquote, .copyable");
    if (!text || !navigator.clipboard || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      let outcome = "Copied";
      try {
        await navigator.clipboard.writeText(text.textContent?.trim() ?? "");
      } catch {
        // Permission refused: the text stands there to be selected.
        outcome = "Not allowed";
      }
      button.textContent = outcome;
      said.textContent = outcome;
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1600);
    });
    this.append(button, said);
  }
}

customElements.define("copy-button", CopyButton);

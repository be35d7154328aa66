import { fillHole } from "./fragment.ts";

/**
 * `<model-switch>`: the model whose verdicts and charts a page shows. The choice stands in the address (`?model=`), so that it can
 * be passed on, and stays for the visit. In each `[data-by-model]` the part `[data-for]` of the chosen model is shown, or the
 * first part where the group has none of it; what a part leaves out (`[data-fragment]`) is fetched when it is first shown.
 */
const KEY = "model";

class ModelSwitch extends HTMLElement {
  connectedCallback(): void {
    const inputs = [...this.querySelectorAll("input")];
    const known = inputs.map(({ value }) => value);
    const wanted = [new URLSearchParams(location.search).get(KEY), remembered()];
    const chosen = wanted.find((id) => id !== null && known.includes(id)) ?? known[0]!;
    for (const input of inputs) input.checked = input.value === chosen;
    show(chosen);
    tell(chosen, known[0]!);
    this.addEventListener("change", (event) => {
      const { value } = event.target as HTMLInputElement;
      remember(value);
      show(value);
      tell(value, known[0]!);
    });
  }
}

function show(model: string): void {
  for (const group of document.querySelectorAll("[data-by-model]")) {
    const parts = [...group.children].filter(
      (part): part is HTMLElement => part instanceof HTMLElement && !!part.dataset.for,
    );
    const shown = parts.some((part) => part.dataset.for === model) ? model : parts[0]?.dataset.for;
    for (const part of parts) {
      part.hidden = part.dataset.for !== shown;
      if (!part.hidden) for (const hole of part.querySelectorAll<HTMLElement>("div[data-fragment]")) void fill(hole);
    }
  }
}

/** A failure says so and is tried again the next time. */
async function fill(hole: HTMLElement): Promise<void> {
  try {
    await fillHole(hole);
  } catch {
    hole.textContent = "This figure could not be fetched. Choose the model again to try once more.";
  }
}

/** The address says what is shown; of the model that is shown anyway it says nothing. */
function tell(model: string, first: string): void {
  const address = new URL(location.href);
  if (model === first) address.searchParams.delete(KEY);
  else address.searchParams.set(KEY, model);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

/** Chooses a model from elsewhere: shown where this page has it to choose, remembered for the visit in any case. */
export function chooseModel(model: string): void {
  const input = document.querySelector<HTMLInputElement>(`model-switch input[value="${CSS.escape(model)}"]`);
  if (!input) {
    remember(model);
    return;
  }
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function remember(model: string): void {
  try {
    sessionStorage.setItem(KEY, model);
  } catch {
    // Storage may be switched off: the choice then lasts for this page.
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

customElements.define("model-switch", ModelSwitch);

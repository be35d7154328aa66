/**
 * `<sound-chart>`: a still drawing that can be read. Nothing loads before it is touched: a pointer over it, a finger on it or the
 * keyboard's focus fetches Vega and the compiled specification, and from then on every track is read at one place at once.
 * The slider is for the keyboard and for screen readers; it says the reading in words.
 */
class SoundChart extends HTMLElement {
  #slider = document.createElement("input");
  #output = document.createElement("output");
  #live: Promise<import("./live-chart.ts").LiveChart> | undefined;
  #shown: HTMLElement | undefined;

  connectedCallback(): void {
    if (this.contains(this.#slider)) return;
    this.#slider.type = "range";
    this.#slider.className = "depth-slider";
    this.#slider.min = "0";
    this.#slider.max = String(Number(this.dataset.stops ?? "1") - 1);
    this.#slider.value = "0";
    this.#slider.setAttribute("aria-label", "Read every track at one place of the axis");
    this.#output.className = "chart-reading";
    this.#output.ariaHidden = "true";
    this.append(this.#slider, this.#output);
    this.#slider.addEventListener("focus", () => void this.#read());
    this.#slider.addEventListener("input", () => void this.#read());
    this.#slider.addEventListener("blur", () => void this.#clear());
    this.addEventListener("pointermove", (event) => void this.#point(event));
    this.addEventListener("pointerdown", (event) => void this.#point(event));
    this.addEventListener("pointerleave", () => void this.#clear());
  }

  /** The drawing that is shown at this width; crossing the breakpoint starts over with the other one. */
  #chart(): Promise<import("./live-chart.ts").LiveChart> {
    const shown = [...this.querySelectorAll<HTMLElement>(".drawn")].find((each) => each.offsetParent !== null);
    if (!shown) return Promise.reject(new Error("This chart is not on the page."));
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#live = import("./live-chart.ts").then(({ bringToLife }) => bringToLife(shown));
    }
    return this.#live!;
  }

  async #point(event: PointerEvent): Promise<void> {
    const { clientX, clientY } = event;
    const chart = await this.#chart();
    this.#show(chart, chart.stopAt(clientX, clientY));
  }

  async #read(): Promise<void> {
    const chart = await this.#chart();
    this.#show(chart, Number(this.#slider.value));
  }

  async #clear(): Promise<void> {
    if (!this.#live) return;
    const chart = await this.#live;
    // The words stay: what follows the drawing must not jump each time the pointer leaves it.
    chart.read(undefined);
  }

  #show(chart: import("./live-chart.ts").LiveChart, stop: number): void {
    const words = chart.read(stop);
    this.#slider.value = String(stop);
    this.#slider.setAttribute("aria-valuetext", words.replaceAll("\n", ". "));
    this.#output.value = words;
  }
}

customElements.define("sound-chart", SoundChart);

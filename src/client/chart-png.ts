import inter from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import serif from "@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2?url";

/** Pixels of the picture to each of the drawing's: sharp in a slide and in print. */
const SCALE = 3;

/**
 * `<chart-png data-svg data-name><button>`: makes a picture of a drawing, in the browser, when it is asked for. The drawing's file
 * is set into a data URL with the site's fonts in it, since an image may fetch nothing; the policy allows such images.
 */
class ChartPng extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button || !this.hidden) return;
    this.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        save(await pictureOf(this.dataset.svg ?? ""), this.dataset.name ?? "chart.png");
      } catch (error) {
        button.textContent = "PNG failed";
        button.title = (error as Error).message;
      }
      button.disabled = false;
    });
  }
}

/** The PNG of a drawing's file. Throws when it or a font cannot be fetched, or the picture cannot be made. */
async function pictureOf(address: string): Promise<Blob> {
  const [svg, ...fonts] = await Promise.all([text(address), face("Inter", inter), face("Source Serif 4", serif)]);
  const file = svg.replace(/(<svg[^>]*>)/, `$1<style>${fonts.join("")}</style>`);
  const image = new Image();
  image.src = `data:image/svg+xml;base64,${base64(new TextEncoder().encode(file))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make a picture of this chart."))),
      "image/png",
    );
  });
}

const face = async (family: string, address: string) =>
  `@font-face{font-family:"${family}";font-weight:200 900;src:url(data:font/woff2;base64,${base64(new Uint8Array(await (await get(address)).arrayBuffer()))})}`;

const text = async (address: string) => (await get(address)).text();

async function get(address: string): Promise<Response> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

customElements.define("chart-png", ChartPng);

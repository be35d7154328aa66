/** Puts what `hole` leaves out (`data-fragment`) in its place, once. Throws where it cannot be fetched; a later call tries again. */
export async function fillHole(hole: HTMLElement): Promise<void> {
  const { fragment } = hole.dataset;
  if (!fragment || hole.ariaBusy === "true") return;
  hole.ariaBusy = "true";
  try {
    const answer = await fetch(fragment);
    if (!answer.ok) throw new Error(`${answer.status} for ${fragment}`);
    hole.innerHTML = await answer.text();
    delete hole.dataset.fragment;
  } finally {
    hole.ariaBusy = "false";
  }
}

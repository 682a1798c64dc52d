// The calculator's address, its errors and the reader's own GPU. Fetching is htmx's: the last request wins.

// An answer that changes nothing leaves the address alone. What is typed replaces it; the first answer after a field was
// left or a choice made opens an entry of its own, so that Back leads to the result before.
{
  const form = document.getElementById("filters");
  const results = () => document.getElementById("results");
  let edits = 0; // fields left and choices made
  let entry = -1; // the edit that the history's entry belongs to
  let shown = results().dataset.query;
  let search = location.search;

  form.addEventListener("htmx:beforeRequest", ({ detail }) => {
    detail.requestConfig.edit = edits;
  });
  // Heard at the document: the request of this very change, sent at the form, still belongs to the edit that it ends.
  document.addEventListener("change", ({ target }) => {
    if (target.form === form) edits += 1;
  });
  // Leaving a field asks once more. The same answer is not put in anew: a press that is under way would lose its link.
  let last;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.serverResponse === last) detail.shouldSwap = false;
    last = detail.serverResponse;
  });
  document.addEventListener("htmx:afterSwap", ({ detail: { requestConfig } }) => {
    const { query } = results().dataset;
    if (query === shown) return;
    document.getElementById("saved")?.remove(); // it spoke of the result that the link led to
    shown = query;
    search = `?${query}`;
    if (requestConfig.edit === entry) history.replaceState(null, "", search);
    else history.pushState(null, "", search);
    entry = requestConfig.edit;
  });
  addEventListener("popstate", () => {
    if (location.search !== search) location.reload();
  });
}

// The errors of an answer come in one list; each is said at its field.
{
  function place() {
    const said = new Map([...document.querySelectorAll("#errors li")].map((row) => [row.dataset.field, row.textContent]));
    for (const error of document.querySelectorAll(".field-error")) {
      const name = error.id.replace("-error", "");
      error.textContent = said.get(name) ?? "";
      const field = document.getElementById(name);
      if (field) field.ariaInvalid = said.has(name) ? "true" : null;
    }
  }

  document.addEventListener("htmx:oobAfterSwap", ({ target }) => {
    if (target.id === "errors") place(); // it comes last: new fields stand already
  });
}

// The GPU that the reader last calculated with, in this browser alone.
{
  const form = document.getElementById("filters");
  const { gpu, gpus } = form.elements;
  const offer = document.getElementById("my-gpu");
  const KEY = "gpu";
  let chosen = false; // by the reader, not by the link they followed

  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null; // storage may be blocked, or hold what we did not write
    }
  }

  function remember(mine) {
    try {
      if (mine) localStorage.setItem(KEY, JSON.stringify(mine));
      else localStorage.removeItem(KEY);
    } catch {
      // then it is not remembered
    }
    show();
  }

  function nameOf(id) {
    return [...gpu.list.options].find((option) => option.value === id)?.label ?? id;
  }

  function show() {
    const mine = remembered();
    offer.hidden = !mine?.gpu;
    if (offer.hidden) return;
    const count = mine.gpus > 1 ? ` × ${mine.gpus}` : "";
    offer.querySelector("b").textContent = nameOf(String(mine.gpu)) + count;
  }

  function take() {
    const mine = remembered();
    if (!mine?.gpu) return show();
    gpu.value = mine.gpu;
    gpus.value = mine.gpus;
    gpu.dispatchEvent(new Event("change", { bubbles: true }));
  }

  for (const field of [gpu, gpus]) field.addEventListener("input", () => { chosen = true; });
  document.addEventListener("htmx:afterSwap", () => {
    if (chosen) remember({ gpu: gpu.value, gpus: gpus.value });
  });
  offer.addEventListener("click", ({ target }) => {
    if (target.closest("[data-take]")) take();
    if (target.closest("[data-forget]")) { chosen = false; remember(null); }
  });
  show();
}

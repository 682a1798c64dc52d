// The preview beside a Markdown field. It stands in a shadow tree with the site's own stylesheets, so that the admin's
// rules do not reach it. The last text wins: a request that was overtaken is aborted.
const DELAY = 400;

function shadowOf(box) {
  const shadow = box.attachShadow({ mode: "open" });
  for (const href of box.dataset.styles.split(" ")) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    shadow.append(link);
  }
  const content = document.createElement("div");
  shadow.append(content);
  return content;
}

function watch(box) {
  const field = document.getElementById(box.dataset.previewOf);
  if (!field || box.shadowRoot) return;
  const content = shadowOf(box);
  let timer;
  let running = new AbortController();

  async function show() {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const body = new FormData();
    body.set("text", field.value);
    body.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
    try {
      const response = await fetch(box.dataset.previewUrl, { method: "POST", body, signal });
      const html = await response.text();
      if (signal.aborted) return;
      if (!response.ok && response.status !== 400) throw new Error(response.statusText);
      content.innerHTML = html;
    } catch (error) {
      if (!signal.aborted) content.textContent = box.dataset.failed;
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, DELAY);
  });
  box.hidden = false;
  show();
}

// The script stands in the head, before the fields.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-preview-of]").forEach(watch);
});

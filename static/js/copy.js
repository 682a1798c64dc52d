// Copy buttons: `data-copy` holds the text, an empty one stands for the page's address. Code blocks get a button here.
{
  const words = document.body.dataset;

  function textOf(button) {
    const block = button.closest(".highlight");
    if (block) return command(block.querySelector("pre").cloneNode(true));
    return button.dataset.copy || location.origin + location.pathname;
  }

  // Without prompts and comments: what is pasted into a shell should be what runs.
  function command(code) {
    for (const aside of code.querySelectorAll(".gp, .c, .c1")) aside.remove();
    return code.textContent.replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return words.copied;
    } catch {
      return words.notCopied; // refused, or no https
    }
  }

  function say(message) {
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.role = "status";
    toast.popover = "manual";
    (document.querySelector("dialog[open]") ?? document.body).append(toast); // outside a modal it would be inert
    toast.showPopover();
    toast.textContent = message; // after it stands in the page: only then is it announced
    setTimeout(() => toast.remove(), 2400);
  }

  function equip(part) {
    for (const block of part.querySelectorAll(".highlight:not(:has([data-copy]))")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet";
      button.dataset.copy = "code";
      button.textContent = words.copyLabel;
      block.prepend(button);
      block.querySelector("pre").tabIndex = 0; // it scrolls: the keyboard must reach it
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) say(await copy(textOf(button)));
  });
  document.addEventListener("htmx:load", (event) => equip(event.detail.elt));
  equip(document);
}

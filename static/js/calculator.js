// The calculator's errors come beside the result; the fields they belong to are marked here.
{
  function mark() {
    for (const error of document.querySelectorAll(".field-error")) {
      const field = document.getElementById(error.id.replace("-error", ""));
      if (field) field.ariaInvalid = error.textContent ? "true" : null;
    }
  }

  document.addEventListener("htmx:oobAfterSwap", mark);
}

// While the list is filtered anew its old rows stay. What takes long or goes wrong is said above them.
// "다시 시도" in these messages is a submit button of the filters' form and needs no script.
{
  const SLOW_AFTER = 8000;
  const filters = document.getElementById("filters");
  const results = () => document.getElementById("results");
  let message;
  let slow;

  function say(template) {
    quiet();
    message = document.getElementById(template).content.firstElementChild.cloneNode(true);
    results().before(message);
  }

  function quiet() {
    clearTimeout(slow);
    message?.remove();
  }

  filters.addEventListener("htmx:beforeRequest", () => {
    quiet();
    results().ariaBusy = "true";
    slow = setTimeout(say, SLOW_AFTER, "list-slow");
  });
  filters.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(slow);
    results().ariaBusy = "false";
    if (event.detail.successful) quiet(); // a failure has already been said
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    filters.addEventListener(failure, () => say("list-failed"));
  }
}

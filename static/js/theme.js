// Loaded before the first paint, so that a chosen theme never flashes. Without a choice the system decides.
{
  const root = document.documentElement;

  function remembered() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage may be blocked
    }
  }

  function choose(theme) {
    root.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // the choice then lasts for this page only
    }
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();

  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-theme-toggle]")) choose(isDark() ? "light" : "dark");
  });
}

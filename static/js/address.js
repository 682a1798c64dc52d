// A page never stands under another page's address. A question opened from a list shares its place in the history with it,
// so after a reload the browser goes Back without loading: the question would stay on screen at the list's address.
// Pages with the dialog load sheet.js instead, which minds the address there.
{
  const page = location.pathname;

  addEventListener("popstate", () => {
    if (location.pathname !== page) location.reload();
  });
}

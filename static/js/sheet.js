// The dialog of a question. One rule: it is open exactly when the address is a question's, and shows that question.
// htmx fetches; address, dialog, title and focus are kept together here. Without this script the rows lead to full pages.

const QUESTION = /^\/q\/\d+\/$/;
const SLOW_AFTER = 8000;
const STRANDED_AFTER = 2000;

const dialog = document.getElementById("sheet");
const body = document.getElementById("sheet-body");
const previous = dialog.querySelector("[data-sheet-previous]");
const next = dialog.querySelector("[data-sheet-next]");
const listTitle = document.title;

let listAddress = location.pathname + location.search; // of the page under the dialog
let lastRead = ""; // path of the question last shown
let opener = ""; // path of the question the dialog was opened with
let goingBack = 0; // set while a close travels back to the list's address
let queued = ""; // path of the row last clicked meanwhile
let slow = 0;

const atQuestion = () => QUESTION.test(location.pathname);
const sheetAddress = () => `${location.pathname}sheet/`;
const rows = () => [...document.querySelectorAll("a.row-link")];
const rowOf = (path) => rows().find((row) => row.pathname === path);

function neighbour(step) {
  const place = rows().findIndex((row) => row.pathname === location.pathname);
  return place < 0 ? undefined : rows()[place + step];
}

// Opening: the address first, then the dialog, then the answer.

function openQuestion(path) {
  const row = rowOf(path);
  if (row) return row.click();
  moveTo(path);
  request();
}

function moveTo(path) {
  abortOlder();
  if (atQuestion()) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  present();
}

function showAddressed() {
  abortOlder();
  present();
  request();
}

function request() {
  const toldByEvents = () => {};
  htmx.ajax("GET", sheetAddress(), { source: body, target: body, swap: "innerHTML" }).catch(toldByEvents);
}

// Nothing of another question may stand under the new address, not even until the answer comes.
function present() {
  if (!dialog.open) {
    opener = location.pathname;
    dialog.showModal();
  }
  lastRead = location.pathname;
  document.title = listTitle;
  dialog.querySelector("[data-sheet-address]").textContent = location.host + location.pathname;
  previous.disabled = !neighbour(-1);
  next.disabled = !neighbour(+1);
  say("sheet-loading");
  slow = setTimeout(say, SLOW_AFTER, "sheet-slow");
}

function say(template) {
  clearTimeout(slow);
  body.replaceChildren(document.getElementById(template).content.cloneNode(true));
  for (const link of dialog.querySelectorAll("[data-sheet-full]")) link.href = location.pathname;
  focusTitle();
}

function focusTitle() {
  body.scrollTop = 0;
  document.getElementById("sheet-title").focus({ preventScroll: true });
}

// Three guards: older requests are called off, nothing is painted into a closed dialog, and only the question of the
// address is painted. tests/browser/test_guards.py shows that each is needed.

function abortOlder() {
  htmx.trigger(body, "htmx:abort");
}

function mayPaint({ xhr, requestConfig }) {
  if (!dialog.open) return false;
  if (requestConfig.path !== sheetAddress()) return false;
  if (xhr.status >= 500) say("sheet-failed");
  else if (isThisQuestion(xhr.response)) return true;
  else location.replace(location.pathname); // the full page, whatever it is
  return false;
}

function isThisQuestion(html) {
  const [article, ...rest] = new DOMParser().parseFromString(html, "text/html").body.children;
  return rest.length === 0 && article?.matches("article.question") && article.dataset.url === location.pathname;
}

function painted() {
  clearTimeout(slow);
  focusTitle();
}

function failed({ detail: { target, requestConfig } }) {
  if (target === body && dialog.open && requestConfig.path === sheetAddress()) say("sheet-failed");
}

// Closing: the dialog first, then back to the list's address. A row clicked on the way opens on arrival.

function closed() {
  if (dialog.open) return; // opened again before this event came
  abortOlder();
  clearTimeout(slow);
  body.replaceChildren();
  document.title = listTitle;
  if (atQuestion()) goBack();
  else focusRow();
}

function goBack() {
  clearTimeout(goingBack);
  goingBack = setTimeout(() => location.replace(listAddress), STRANDED_AFTER);
  history.back();
}

function arrived() {
  if (atQuestion()) return arrivedAtQuestion();
  if (location.pathname + location.search !== listAddress) history.replaceState(null, "", listAddress);
  if (dialog.open) dialog.close();
  else if (goingBack) arrivedAtList();
}

function arrivedAtQuestion() {
  if (goingBack) goBack();
  else if (!dialog.open || lastRead !== location.pathname) showAddressed();
}

function arrivedAtList() {
  const path = queued;
  clearTimeout(goingBack);
  goingBack = 0;
  queued = "";
  if (path) openQuestion(path);
  else focusRow();
}

function focusRow() {
  rowOf(lastRead)?.focus({ preventScroll: lastRead === opener });
}

// What the reader and htmx do.

function clickRow(event, row) {
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button > 0;
  if (elsewhere) return event.stopPropagation(); // the browser's business, not htmx's
  if (!goingBack) return moveTo(row.pathname); // then htmx fetches what the row names
  event.preventDefault();
  event.stopPropagation();
  queued = row.pathname;
}

function clickInside(event) {
  const heading = event.target.closest("a[href^='#']");
  if (heading) {
    event.preventDefault();
    location.replace(heading.hash); // no entry of its own: one Back leads to the list
  }
  if (event.target.closest("[data-sheet-retry]")) showAddressed();
}

// An old address of a question: /community.html#q-101.
function openFromHash() {
  const [, number] = /^#q-(\d+)$/.exec(location.hash) ?? [];
  if (!number || atQuestion()) return;
  history.replaceState(null, "", listAddress); // the way back leads to the list, not to this hash again
  openQuestion(`/q/${number}/`);
}

// The list may be filtered anew behind the dialog: its address then waits until the dialog is closed.
function keepAddress({ detail: { history: update } }) {
  const { pathname, search } = new URL(update.path, location.origin);
  listAddress = pathname + search;
  if (atQuestion()) update.path = location.pathname + location.hash;
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("a.row-link");
  if (row) clickRow(event, row);
}, true); // before htmx
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") queued = "";
});
document.addEventListener("htmx:beforeHistoryUpdate", keepAddress);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);
document.addEventListener("DOMContentLoaded", openFromHash);

body.addEventListener("htmx:beforeSwap", (event) => {
  if (!mayPaint(event.detail)) event.preventDefault();
});
body.addEventListener("htmx:afterSwap", painted);
body.addEventListener("click", clickInside);
previous.addEventListener("click", () => neighbour(-1)?.click());
next.addEventListener("click", () => neighbour(+1)?.click());
dialog.addEventListener("close", closed);

addEventListener("hashchange", openFromHash);
// Heard before htmx, which listens from DOMContentLoaded on: it would fetch the list again and put it in place of the page.
addEventListener("popstate", (event) => {
  event.stopImmediatePropagation();
  arrived();
});

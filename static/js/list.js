// Keeps a live list calm for the person who works through it. The stream puts rows in, takes them out and draws
// them afresh; this file
//   - keeps rows chosen, and says how many there are;
//   - keeps the focus where it was, or on the next row when its own has left;
//   - holds back what comes in above while somebody reads further down, and says how much that is.
(() => {
  "use strict";

  const chosen = new Set(); // ids of rows
  const known = new Set(); // rows that have been on the screen
  const held = new Set(); // rows that wait above
  let focused = null; // { row, control }: where the focus was last

  const list = () => document.getElementById("bookings");
  const rows = () => [...document.querySelectorAll("#booking-rows > .row")];
  const box = (row) => row.querySelector(".pick__box");
  const isRow = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(".row");

  // ── Chosen rows ──

  function tellCount() {
    const count = document.getElementById("several-count");
    const all = document.querySelector("#choose-all input");
    const shown = rows();
    const number = shown.filter((row) => box(row)?.checked).length;
    if (count) count.textContent = `${number} ${number === 1 ? "booking" : "bookings"} chosen`;
    if (!all) return;
    all.parentElement.toggleAttribute("hidden", false);
    all.checked = number > 0 && number === shown.length;
    all.indeterminate = number > 0 && number < shown.length;
  }

  function choose(row, on) {
    const its = box(row);
    if (!its) return;
    its.checked = on;
    if (on) chosen.add(row.id);
    else chosen.delete(row.id);
  }

  let last = null; // the box that was clicked last, for a range with the shift key
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.(".row .pick__box")) return;
    const row = event.target.closest(".row");
    const on = event.target.checked;
    const shown = rows();
    const from = shown.findIndex((each) => each.id === last);
    const to = shown.indexOf(row);
    const range = event.shiftKey && from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [row];
    range.forEach((each) => choose(each, on));
    last = row.id;
    tellCount();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("#choose-all input")) return;
    rows().forEach((row) => choose(row, event.target.checked));
    tellCount();
  });

  // The answer to a change says which rows are still to be done.
  function takeAnswer(notice) {
    const left = new Set(notice.dataset.stillChosen.split(" ").map((id) => `booking-${id}`));
    rows().forEach((row) => choose(row, left.has(row.id)));
    for (const id of chosen) if (!left.has(id)) chosen.delete(id);
  }

  // ── Focus ──

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".row");
    focused = row && { row: row.id, control: event.target.matches(".pick__box") ? ".pick__box" : ".row__link" };
  });

  function restoreFocus(left) {
    if (!focused || document.activeElement !== document.body) return;
    let row = document.getElementById(focused.row) ?? left.get(focused.row);
    while (row && !isRow(row)) row = row.nextSibling;
    row?.querySelector(focused.control)?.focus({ preventScroll: true });
  }

  // ── What comes in above ──

  function isAbove(row) {
    let next = row.nextElementSibling;
    while (next?.hidden) next = next.nextElementSibling;
    return next !== null && next.getBoundingClientRect().top < 0;
  }

  function tellArrivals() {
    for (const id of held) if (!document.getElementById(id)) held.delete(id);
    const bar = document.getElementById("arrivals");
    bar.toggleAttribute("hidden", held.size === 0);
    bar.textContent = `${held.size} new: show ${held.size === 1 ? "it" : "them"}`;
  }

  function showHeld() {
    held.forEach((id) => document.getElementById(id)?.removeAttribute("hidden"));
    held.clear();
    tellArrivals();
  }

  function receive(row) {
    const isNew = !known.has(row.id);
    known.add(row.id);
    if (isNew && isAbove(row)) held.add(row.id);
    row.toggleAttribute("hidden", held.has(row.id));
    if (chosen.has(row.id)) choose(row, true);
  }

  // ── One look at every change, before it is painted ──

  function look(changes) {
    const left = new Map();
    for (const change of changes) {
      if (change.type === "attributes") {
        // Reading the whole list again takes the mark off the rows that wait.
        if (isRow(change.target) && held.has(change.target.id)) change.target.toggleAttribute("hidden", true);
        continue;
      }
      for (const node of change.removedNodes) if (isRow(node)) left.set(node.id, change.nextSibling);
      for (const node of change.addedNodes) if (isRow(node)) receive(node);
    }
    restoreFocus(left);
    tellArrivals();
    tellCount();
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!list()) return;
    rows().forEach((row) => {
      known.add(row.id);
      if (box(row)?.checked) chosen.add(row.id);
    });
    document.getElementById("arrivals").addEventListener("click", () => {
      showHeld();
      window.scrollTo({ top: 0 });
      rows()[0]?.querySelector(".row__link").focus({ preventScroll: true });
    });
    window.addEventListener(
      "scroll",
      () => held.size && list().getBoundingClientRect().top >= 0 && showHeld(),
      { passive: true },
    );
    new MutationObserver(look).observe(list(), {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["hidden"],
    });
    new MutationObserver(() => {
      const answer = document.querySelector("#notices [data-still-chosen]");
      if (answer) takeAnswer(answer);
      tellCount();
    }).observe(document.getElementById("notices"), { childList: true });
    tellCount();
  });
})();

// Keeps a note that is being written, also through a reload or a sign-in on the way: until it is sent, or the tab is
// closed. The box says in data-draft whose it is, and on which booking.
(() => {
  "use strict";

  const box = () => document.getElementById("note-body");
  const key = () => `roamio-draft ${box().dataset.draft}`;

  function keep() {
    if (!box()) return;
    if (box().value) sessionStorage.setItem(key(), box().value);
    else sessionStorage.removeItem(key());
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (box() && !box().value) box().value = sessionStorage.getItem(key()) ?? "";
  });
  document.addEventListener("input", (event) => event.target === box() && keep());
  document.addEventListener("htmx:after:swap", keep); // an answer may have emptied it
})();

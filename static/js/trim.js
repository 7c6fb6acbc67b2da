// Takes the rows out of a live list that its page has no room for any more: when one flows in at one end, one leaves at
// the other, to the next page. The server says where the page ends (templates/staff/bookings/_pages.html). A row that
// somebody is at (focused, chosen, or on the screen while they read further down) stays until they have left it.
(() => {
  "use strict";

  function isRead(row) {
    if (row.contains(document.activeElement) || row.querySelector(".pick__box")?.checked) return true;
    const { top, bottom } = row.getBoundingClientRect();
    return window.scrollY > 0 && bottom > 0 && top < window.innerHeight;
  }

  function trim() {
    const pages = document.getElementById("booking-pages");
    const end = pages?.dataset.end;
    if (!end) return;
    const isBeyond = pages.dataset.sort === "desc" ? (key) => key < end : (key) => key > end;
    for (const row of [...document.querySelectorAll("#booking-rows > .row")].reverse()) {
      if (!isBeyond(row.dataset.key)) return;
      if (!isRead(row)) row.remove();
    }
  }

  for (const event of ["htmx:after:swap", "focusout", "change", "scrollend"]) {
    document.addEventListener(event, () => setTimeout(trim));
  }
})();

// Lets the focus follow a task that somebody has moved. The button that was pressed is gone from the card then; the
// card's title has its id (see templates/staff/tasks/_card.html), whether the answer or the stream drew it first. The
// page does not scroll there: whoever works through one column stays in it.
(() => {
  "use strict";

  let pressed = null;

  document.addEventListener("submit", (event) => {
    if (event.target.matches(".task__steps")) pressed = event.submitter?.id ?? null;
  });

  document.addEventListener("htmx:after:swap", () => {
    if (!pressed || document.activeElement !== document.body) return;
    document.getElementById(pressed)?.focus({ preventScroll: true });
  });

  // What somebody does next decides where the focus is.
  for (const act of ["keydown", "pointerdown"]) {
    document.addEventListener(act, () => (pressed = null), true);
  }
})();

// Lets cards be dragged from one column of the board to another, with the mouse or, after a long press, with a finger.
// What a drop does is what the card's buttons do: it sends the card's own form, and the answer draws the board. While a
// card is on its way the stream waits, so that nothing is drawn under it. Where the columns lie under one another, on a
// phone, there are the buttons alone.
(() => {
  "use strict";

  const BESIDE = window.matchMedia("(min-width: 40rem)"); // as in css/tasks.css
  const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
  const NOT_A_HANDLE = "button, .task__step-link";
  const LONG_PRESS = 300; // milliseconds

  let busy = 0; // requests under way; their answers draw the board
  let waiting = null; // what the stream waits for while a card is on its way
  let moved = null; // { card, form, from, next }: a drop that is not answered yet

  const isStream = (event) => event.detail.ctx.sourceElement.id === "live";
  const lists = () => [...document.querySelectorAll(".board__cards")];

  function hold() {
    let release;
    waiting = new Promise((resolve) => (release = resolve));
    waiting.release = release;
  }

  function release() {
    waiting?.release();
    waiting = null;
  }

  function pickUp({ item }) {
    moved = { card: item, form: item.querySelector(".task__steps"), from: item.parentElement, next: item.nextElementSibling };
    hold();
  }

  function drop({ item, from, to }) {
    if (from === to || !moved) {
      moved = null;
      release();
      return;
    }
    const where = document.createElement("button");
    where.name = "status";
    where.value = to.dataset.status;
    where.hidden = true;
    moved.form.append(where);
    moved.form.requestSubmit(where);
  }

  function putBack() {
    moved.from.insertBefore(moved.card, moved.next);
  }

  function finish(event) {
    const { ctx } = event.detail;
    if (!moved || ctx.sourceElement !== moved.form) return;
    // Only an answer that draws the board says where the card is.
    if (ctx.status !== "swapped" || ctx.hx?.retarget) putBack();
    moved.form.querySelector("button[hidden]")?.remove();
    moved = null;
    release();
  }

  function makeSortable(list) {
    if (Sortable.get(list)) return;
    Sortable.create(list, {
      group: "tasks",
      sort: false, // a column's order is that of its due dates
      draggable: ".card-task",
      filter: (event) => busy > 0 || event.target.closest(NOT_A_HANDLE) !== null,
      preventOnFilter: false,
      delay: LONG_PRESS,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      animation: CALM.matches ? 0 : 120,
      forceFallback: true, // the browsers' own drag and drop knows no touch
      fallbackOnBody: true,
      fallbackTolerance: 4,
      emptyInsertThreshold: 24,
      ghostClass: "card-task--place",
      dragClass: "card-task--moving",
      disabled: !BESIDE.matches,
      onStart: pickUp,
      onEnd: drop,
    });
  }

  document.addEventListener("htmx:sse:before:message", (event) => waiting && event.detail.waitUntil(waiting));
  document.addEventListener("htmx:before:request", (event) => {
    if (!isStream(event)) busy += 1;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (!isStream(event) && busy > 0) busy -= 1;
    finish(event);
  });
  document.addEventListener("htmx:after:swap", () => lists().forEach(makeSortable));
  BESIDE.addEventListener("change", () => {
    lists().forEach((list) => Sortable.get(list)?.option("disabled", !BESIDE.matches));
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.dataset.drags = "";
    lists().forEach(makeSortable);
  });
})();

// Says that an answer is on its way: what it will change is busy, and so is the page (see css/hands.css, which shows
// that only where the answer lets people wait).
(() => {
  "use strict";

  const asked = new Map(); // what each request under way will change

  // The stream goes on for ever, and what asks for itself now and then is nobody's waiting.
  const isNobodyWaiting = ({ sourceElement, target }) => sourceElement.id === "live" || sourceElement === target;

  // The stream may draw anew what is waited for, and its page knows nothing of that.
  function show() {
    for (const id of asked.values()) document.getElementById(id)?.setAttribute("aria-busy", "true");
    document.documentElement.toggleAttribute("data-asking", asked.size > 0);
  }

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (isNobodyWaiting(ctx) || !(ctx.target instanceof Element)) return;
    asked.set(ctx, ctx.target.id);
    show();
  });

  document.addEventListener("htmx:after:swap", show);

  document.addEventListener("htmx:finally:request", (event) => {
    const id = asked.get(event.detail.ctx);
    if (id === undefined) return;
    asked.delete(event.detail.ctx);
    if (![...asked.values()].includes(id)) document.getElementById(id)?.removeAttribute("aria-busy");
    show();
  });
})();

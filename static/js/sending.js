// Says what went wrong where the person sees it:
//   - when what they sent did not arrive (an answer that is an error says so itself);
//   - when they are further down the page than the notices are. Those float there until the next click or key.
(() => {
  "use strict";

  const NOT_SENT = "This could not be sent: Roamio can’t be reached. Try again in a moment.";
  const AFLOAT = "notices--afloat";

  const notices = () => document.getElementById("notices");

  function bringIntoView() {
    const place = notices();
    if (!place) return;
    place.classList.remove(AFLOAT);
    const isUnseen = place.querySelector("[role=alert]") && place.getBoundingClientRect().bottom < 0;
    place.classList.toggle(AFLOAT, Boolean(isUnseen));
  }

  document.addEventListener("htmx:error", (event) => {
    const { request, response } = event.detail.ctx ?? {};
    if (!request || request.method === "GET" || response) return;
    const notice = document.createElement("p");
    notice.className = "notice notice--danger";
    notice.setAttribute("role", "alert");
    notice.textContent = NOT_SENT;
    notices()?.replaceChildren(notice);
    bringIntoView();
  });

  document.addEventListener("htmx:finally:request", (event) => {
    if (event.detail.ctx.request.method !== "GET") bringIntoView();
  });
  for (const act of ["click", "keydown"]) {
    document.addEventListener(act, () => notices()?.classList.remove(AFLOAT), true);
  }
})();

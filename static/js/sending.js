// Says what went wrong where the person sees it:
//   - when what they sent did not arrive (an answer that is an error says so itself);
//   - when what they asked for did not come: what is shown, its address and its stream stay as they were before, and
//     what they typed or chose stays too, to be asked for once more;
//   - when they are further down the page than the notices are. Those float there until the next click or key.
(() => {
  "use strict";

  const NOT_SENT = "This could not be sent: Roamio can’t be reached. Try again in a moment.";
  const NOT_READ = "This could not be read: Roamio can’t be reached. What is shown is as it was before.";
  const AFLOAT = "notices--afloat";

  const notices = () => document.getElementById("notices");
  const isReading = ({ request }) => request.method === "GET";
  // The stream has a mark of its own (js/live.js), and what asks for itself now and then asks again anyway.
  const isNobodyWaiting = ({ sourceElement, target }) => sourceElement.id === "live" || sourceElement === target;

  function bringIntoView() {
    const place = notices();
    if (!place) return;
    place.classList.remove(AFLOAT);
    const isUnseen = place.querySelector("[role=alert]") && place.getBoundingClientRect().bottom < 0;
    place.classList.toggle(AFLOAT, Boolean(isUnseen));
  }

  function tell(ctx) {
    const notice = document.createElement("div");
    notice.className = "notice notice--danger";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = isReading(ctx) ? NOT_READ : NOT_SENT;
    notice.append(words);
    notices()?.replaceChildren(notice);
    if (isReading(ctx)) offerAgain(ctx);
    bringIntoView();
  }

  // Another answer takes the notice away again.
  function offerAgain({ sourceElement }) {
    const notice = notices()?.querySelector(".notice");
    if (!notice || !sourceElement.requestSubmit) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small";
    button.textContent = "Try again";
    button.addEventListener("click", () => sourceElement.requestSubmit());
    notice.append(button);
    notice.dataset.notRead = "";
  }

  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (ctx?.request && !ctx.response && !isNobodyWaiting(ctx)) tell(ctx);
  });

  // An error that is not Roamio's own (a proxy's page, say) is not to be put where the list is.
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (isNobodyWaiting(ctx) || ctx.response.status < 500 || ctx.response.headers.has("HX-Retarget")) return;
    event.preventDefault();
    tell(ctx);
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    if (isNobodyWaiting(ctx)) return;
    if (isReading(ctx)) {
      if (ctx.response?.status < 400) notices()?.querySelector("[data-not-read]")?.remove();
      else if (ctx.response?.headers.has("HX-Retarget")) offerAgain(ctx);
    }
    bringIntoView();
  });
  for (const act of ["click", "keydown"]) {
    document.addEventListener(act, () => notices()?.classList.remove(AFLOAT), true);
  }
})();

// Says so when what somebody sent did not arrive, beside what they typed. An answer that is an error says so itself.
(() => {
  "use strict";

  const SENTENCE = "This could not be sent: Roamio can’t be reached. Try again in a moment.";

  document.addEventListener("htmx:error", (event) => {
    const method = event.detail.ctx?.request?.method;
    if (!method || method === "GET" || event.detail.ctx.response) return;
    const notice = document.createElement("p");
    notice.className = "notice notice--danger";
    notice.setAttribute("role", "alert");
    notice.textContent = SENTENCE;
    document.getElementById("notices")?.replaceChildren(notice);
  });
})();

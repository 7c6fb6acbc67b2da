// Shows the button that prints the page, which needs a script to do it.
(() => {
  "use strict";

  const button = document.getElementById("print");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
})();

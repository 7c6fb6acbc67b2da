// Buttons that copy what stands elsewhere on the page: data-copy names it, data-done is what the button says then.

const SAID_FOR = 2000;

function show(within) {
  for (const button of within.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

function select(source) {
  const range = document.createRange();
  range.selectNodeContents(source);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    select(source); // The browser does not let us: one key is left for the visitor to press.
    return;
  }
  const words = button.querySelector("span");
  const before = button.dataset.before ?? words.textContent;
  button.dataset.before = before;
  words.textContent = button.dataset.done;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { words.textContent = before; }, SAID_FOR);
});

document.addEventListener("htmx:after:swap", () => show(document));
show(document);

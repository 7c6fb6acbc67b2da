// The keyboard layer: single keys that move, open and change. #keys, the help that `?` opens, lists them.
// Never while somebody types, and never with Ctrl, Alt or Command, which belong to the browser. Off for who wants that.
(() => {
  "use strict";

  const OFF = "roamio-keys-off";
  const PAUSE = 1_000; // how long `g` waits for where to go

  let going = 0; // until when the next key is a place

  const isOff = () => localStorage.getItem(OFF) !== null;
  const help = () => document.getElementById("keys");
  const links = () => [...document.querySelectorAll("main .row__link")].filter((link) => link.offsetParent);
  const current = () => document.activeElement?.closest("main .row") ?? null;

  function isTyping(target) {
    return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  }

  function focus(selector) {
    const found = document.querySelector(selector);
    if (!found || !found.offsetParent) return false;
    found.focus();
    if (found.select && found.type === "search") found.select();
    return true;
  }

  function move(step) {
    const all = links();
    const here = all.indexOf(current()?.querySelector(".row__link"));
    const next = all[here < 0 ? 0 : here + step];
    if (!next) return all.length > 0;
    next.focus();
    next.closest(".row").scrollIntoView({ block: "nearest" });
    return true;
  }

  function toggle() {
    const box = current()?.querySelector(".pick__box");
    box?.click();
    return Boolean(box);
  }

  // On a list the row in focus is chosen first, unless others are already.
  function change(inList, onPage) {
    if (document.querySelector(inList)) {
      if (!document.querySelector(".row .pick__box:checked") && !toggle()) return false;
      return focus(inList);
    }
    return focus(onPage);
  }

  function go(key) {
    const place = document.querySelector(`.staff-menu [data-go="${CSS.escape(key)}"]`);
    place?.click();
    return Boolean(place);
  }

  const KEYS = {
    "/": () => focus("#search"),
    j: () => move(1),
    k: () => move(-1),
    x: toggle,
    a: () => change("#several-agent", "#assignment select"),
    s: () => change("#several-status", "#steps button"),
    g: () => Boolean((going = Date.now() + PAUSE)),
    "?": () => help().showModal() ?? true,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isOff() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const isPlace = Date.now() < going;
    if (event.key !== "g" && event.key.length === 1) going = 0;
    const act = isPlace ? () => go(event.key) : KEYS[event.key];
    if (act?.()) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const dialog = help();
    if (!dialog) return;
    const opener = document.getElementById("keys-open");
    opener.hidden = false;
    opener.addEventListener("click", () => {
      opener.closest("details")?.removeAttribute("open");
      dialog.showModal();
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    const use = document.getElementById("keys-use");
    use.checked = !isOff();
    use.addEventListener("change", () => {
      if (use.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "");
    });
  });
})();

// Shows only the questions that matter, counts what is left of long answers, and keeps a half-filled form.
// Without this file the form works all the same: every question is in view and says when it matters.

const FORM = "#booking-form";
const LOCALE = `${document.documentElement.lang}-u-nu-latn`;
const IN_ANOTHER_LANGUAGE = /^\/[a-z]{2}(?=\/(?:book|embed)\/)/;
const KEPT_FOR = 24 * 60 * 60 * 1000;

function answersTo(form, given, name) {
  const question = form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest("[data-asked]");
  return question?.hidden ? [] : given.getAll(name).map(plain);
}

// A number as the server reads it, in any script's digits: "٢" and "02" are "2".
function plain(answer) {
  const digits = answer.replace(/[\s,٬]/g, "").replace(/\p{Nd}/gu, digit);
  return /^\+?\d{1,15}$/.test(digits) ? String(Number(digits)) : answer;
}

// Each script's ten digits stand in a row, nought first.
function digit(sign) {
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt() - value - 1))) value += 1;
  return value;
}

function showWhatMatters(form) {
  // Read once: to read a form the browser styles it, and each part that was hidden makes it do so again.
  const given = new FormData(form);
  for (const part of form.querySelectorAll("[data-asked]")) {
    const wanted = part.dataset.answers.split(" ");
    part.hidden = !answersTo(form, given, part.dataset.asked).some((answer) => wanted.includes(answer));
  }
  for (const group of form.querySelectorAll(".group")) {
    const parts = [...group.querySelectorAll(":scope > .field, :scope > .form__if")];
    group.hidden = parts.length > 0 && parts.every((part) => part.hidden);
  }
}

function countDown(area) {
  const left = Number(area.dataset.limit) - [...area.value].length;
  let counter = area.parentElement.querySelector(".field__count");
  if (left > 500) return counter?.remove();
  if (!counter) {
    counter = document.createElement("p");
    counter.className = "field__hint field__count";
    counter.setAttribute("aria-live", "polite");
    area.after(counter);
  }
  const { left: enough, over } = area.form.dataset;
  counter.textContent = (left < 0 ? over : enough).replace("{count}", Math.abs(left).toLocaleString(LOCALE));
}

// ── A form that survives a reload: kept in this tab only, and never what it says about health. ──

const UNKEPT = ["ticket", "homepage"];

function unkept(form) {
  return new Set([...UNKEPT, ...form.dataset.private.split(" ")]);
}

// Several frames on one page keep apart, by the name that the page gave them or by their order.
function frame() {
  if (parent === window) return "";
  return window.name || [...Array(parent.length).keys()].find((at) => parent[at] === window);
}

// The same for each language: whoever changes it keeps what they have typed.
function shelf(form) {
  const { pathname, searchParams } = new URL(form.action);
  return ["roamio:", pathname.replace(IN_ANOTHER_LANGUAGE, ""), searchParams.get("host") ?? "", frame()].join(" ");
}

// What the address of the form answers, as long as the browser may keep it.
function prefilled(form) {
  const left = unkept(form);
  return [...new URLSearchParams(location.search)].filter(([name]) => form.elements[name] && !left.has(name));
}

function store(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), ...value }));
  } catch {
    // Storage is blocked, as it may be in a frame: the form works without.
  }
}

function keep(form) {
  const left = unkept(form);
  const answers = [...new FormData(form)].filter(([name]) => !left.has(name));
  store(shelf(form), { answers, prefilled: prefilled(form) });
}

function restore(form) {
  const left = unkept(form);
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(shelf(form)));
  } catch {
    return;
  }
  if (!kept || Date.now() - kept.at > KEPT_FOR) return;
  // What this address answers stands, unless it was there already when the rest was typed.
  const given = prefilled(form);
  if (JSON.stringify(given) !== JSON.stringify(kept.prefilled)) given.forEach(([name]) => left.add(name));
  for (const field of form.elements) {
    if (!field.name || left.has(field.name) || field.type === "hidden") continue;
    const values = kept.answers.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
}

// What is sent now, for the confirmation to show (received.js).
function keepAsked(form) {
  const rows = [...form.querySelectorAll(".answers__row:not([data-unkept])")];
  store(`roamio:asked ${frame()}`, {
    shelf: shelf(form),
    rows: rows.map((row) => [...row.children].slice(0, 2).map((part) => part.textContent)),
    apart: form.querySelector("[data-unkept]") !== null,
  });
}

// ── From the questions to the check and back ──

function focusOn(form) {
  const asked = form.dataset.focus && form.querySelector(`#${CSS.escape(form.dataset.focus)}`);
  const field = asked?.matches("fieldset") ? asked.querySelector("input") : asked;
  const place = form.querySelector("#error-summary, #form-notice") ?? field ?? form.querySelector("#check-title");
  place?.focus();
  // WebKit gives the focus to what a swap has put above the window, and leaves it there.
  place?.scrollIntoView({ block: "nearest" });
  if (field) field.closest(".field").scrollIntoView({ block: "center" });
}

// The check came without a new page, so the browser's back button would leave the form: give it a step of its own.
// From there a button leads back to the questions, which then stand in the history twice: AGAIN is the second time.
const AGAIN = "again";
let at = history.state?.step;

function markStep(form) {
  const now = form.dataset.step === "check" ? "check" : at && AGAIN;
  if (now === at) return;
  const state = { htmx: true, step: now };
  if (at) history.replaceState(state, "");
  else history.pushState(state, "");
  at = now;
}

document.addEventListener("htmx:before:history:restore", (event) => {
  const form = document.querySelector(FORM);
  if (!form) return;
  event.preventDefault();
  const left = at;
  at = history.state?.step;
  if (form.dataset.step === "check") {
    if (at !== "check") form.querySelector("[name=change]").click();
  } else if (at === "check") form.requestSubmit();
  else if (left === AGAIN && !at) history.back(); // to the same questions: one more, so that the press is seen
});

// A clock that nobody has chosen yet is the browser's own, or the only one that shows the same all year.
function presetClock(form) {
  const menu = form.querySelector("[data-own-clock]");
  if (!menu || menu.value) return;
  const year = new Date().getFullYear();
  const shows = (timeZone) => [0, 6].map((month) => new Date(year, month).toLocaleString("en", { timeZone })).join();
  const named = (timeZone) => new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  const zones = [...menu.options].map(({ value }) => value).filter(Boolean);
  const alike = zones.filter((zone) => shows(zone) === shows());
  menu.value = alike.find((zone) => named(zone) === named()) ?? (alike.length === 1 ? alike[0] : "");
}

function ready(form) {
  form.classList.add("form--live");
  if (form.dataset.step === "check") return;
  showWhatMatters(form);
  form.querySelectorAll("[data-limit]").forEach(countDown);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.(FORM);
  if (!form) return;
  showWhatMatters(form);
  if (event.target.dataset.limit) countDown(event.target);
  keep(form);
});

// A plain submit takes a moment on a slow network: a second press sends nothing more.
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.(FORM);
  if (form && event.submitter?.name === "send") keepAsked(form);
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => delete document.querySelector(FORM)?.dataset.sent);

document.addEventListener("htmx:after:swap", () => {
  const form = document.querySelector(FORM);
  if (!form) return;
  ready(form);
  markStep(form);
  focusOn(form);
});

// The network is gone, or nobody answered: say so, with everything still in place.
document.addEventListener("htmx:error", (event) => {
  const form = event.target.closest?.(FORM);
  if (!form) return;
  const told = document.createElement("p");
  told.className = "notice notice--warning";
  told.textContent = form.dataset.unreachable;
  form.querySelector("#notices").replaceChildren(told);
  told.scrollIntoView({ block: "center" });
});

const form = document.querySelector(FORM);
if (form) {
  const answered = form.dataset.step === "check" || form.dataset.focus;
  if (!answered && !form.querySelector("#error-summary, #form-notice")) {
    restore(form);
    presetClock(form);
  }
  if (!answered) markStep(form);
  ready(form);
  focusOn(form);
}

// Shows only the questions that matter, counts what is left of long answers, and keeps a half-filled form.
// Without this file the form works all the same: every question is in view and says when it matters.

const FORM = "#booking-form";
const LOCALE = `${document.documentElement.lang}-u-nu-latn`;
const IN_ANOTHER_LANGUAGE = /^\/[a-z]{2}(?=\/(?:book|embed)\/)/;
const KEPT_FOR = 24 * 60 * 60 * 1000;

function answersTo(form, name) {
  const given = new FormData(form).getAll(name);
  const question = form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest("[data-asked]");
  return question?.hidden ? [] : given;
}

function showWhatMatters(form) {
  for (const part of form.querySelectorAll("[data-asked]")) {
    const wanted = part.dataset.answers.split(" ");
    part.hidden = !answersTo(form, part.dataset.asked).some((answer) => wanted.includes(answer));
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

// The same for each language: whoever changes it keeps what they have typed.
function shelf(form) {
  return `roamio:${new URL(form.action).pathname.replace(IN_ANOTHER_LANGUAGE, "")}`;
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
  store(shelf(form), { answers: [...new FormData(form)].filter(([name]) => !left.has(name)) });
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
  store("roamio:asked", {
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
  if (field) field.closest(".field").scrollIntoView({ block: "center" });
}

// The check came without a new page, so the browser's back button would leave the form: give it a step of its own.
function markStep(form) {
  if (form.dataset.step === "check" && history.state?.step !== "check") {
    history.pushState({ htmx: true, step: "check" }, "");
  }
}

document.addEventListener("htmx:before:history:restore", (event) => {
  const form = document.querySelector(FORM);
  if (!form) return;
  event.preventDefault();
  if (form.dataset.step === "check" && history.state?.step !== "check") form.querySelector("[name=change]").click();
});

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
  if (!answered && !form.querySelector("#error-summary, #form-notice")) restore(form);
  ready(form);
  focusOn(form);
}

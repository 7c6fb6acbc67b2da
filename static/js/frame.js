// Inside an embedded form: tells the page around it how tall the form is, which step it shows and when a booking
// was made. Says nothing about a person, and nothing to any other page than the one that holds the frame.

const host = new URLSearchParams(location.search).get("host");
const origin = originOf(location.ancestorOrigins?.[0]) ?? originOf(host) ?? originOf(document.referrer);
let height = 0;
let step = "";

function originOf(address) {
  try {
    const found = new URL(address).origin;
    return found === "null" ? null : found;
  } catch {
    return null;
  }
}

function tell(event, detail = {}) {
  if (origin && window.parent !== window) window.parent.postMessage({ event: `roamio:${event}`, ...detail }, origin);
}

function tellHeight() {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (now === height) return;
  height = now;
  tell("height", { height });
}

function tellStep() {
  const now = document.querySelector("[data-step]")?.dataset.step ?? "";
  if (now === step) return;
  step = now;
  tell("step", { step });
}

// The element that fits the frame gave it a name. It leaves nothing to scroll, so no bar may come and go.
if (window.name.startsWith("roamio-booking")) document.documentElement.classList.add("fitted");
new ResizeObserver(tellHeight).observe(document.body);
tellHeight();
const { booked } = document.body.dataset;
if (!booked) tell("ready");
tellStep();
if (booked) tell("booked", { reference: booked });
document.addEventListener("htmx:after:swap", tellStep);
window.addEventListener("load", tellHeight);

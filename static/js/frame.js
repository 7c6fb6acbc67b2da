// Inside an embedded form: tells the page around it how tall the form is, and when a booking was made.
// Says nothing about a person, and only to the page that holds the frame.

const host = new URLSearchParams(location.search).get("host");
let origin = null;
try {
  origin = new URL(host ?? document.referrer).origin;
} catch {
  // Nobody asked to be told: the frame was put there by hand and keeps the height it was given.
}

function tell(event, detail = {}) {
  if (origin && window.parent !== window) window.parent.postMessage({ event: `roamio:${event}`, ...detail }, origin);
}

function tellHeight() {
  tell("height", { height: Math.ceil(document.body.getBoundingClientRect().height) });
}

new ResizeObserver(tellHeight).observe(document.body);
tellHeight();
const { booked } = document.body.dataset;
if (booked) tell("booked", { reference: booked });
else tell("ready");

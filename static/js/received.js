// On the confirmation: shows all that was asked, as this tab kept it, and forgets the form that was half filled in.

const NOTHING = { rows: [], apart: false };
const received = document.querySelector("#received");

// As book.js has it: which frame of its page this is.
function frame() {
  if (parent === window) return "";
  return window.name || [...Array(parent.length).keys()].find((at) => parent[at] === window);
}

function asked() {
  try {
    const key = `roamio:asked ${frame()}`;
    const kept = JSON.parse(sessionStorage.getItem(key));
    const { reference } = received.dataset;
    if (!kept || (kept.reference ?? reference) !== reference) return NOTHING;
    // It is this booking's from now on: no other confirmation shows it, and no form is filled in with it.
    if (!kept.reference) sessionStorage.removeItem(kept.shelf);
    sessionStorage.setItem(key, JSON.stringify({ ...kept, reference }));
    return kept;
  } catch {
    return NOTHING; // Storage is blocked, or holds nothing of ours.
  }
}

function shown([question, answer]) {
  const row = document.createElement("div");
  row.className = "answers__row";
  const [term, words] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = question;
  words.textContent = answer;
  words.dir = "auto";
  row.append(term, words);
  return row;
}

const { rows, apart } = asked();
const place = received.querySelector("#asked");
if (rows.length > 0) {
  place.querySelector("dl").replaceChildren(...rows.map(shown));
  place.querySelector("#apart").hidden = !apart;
  place.querySelector("#unsaid").hidden = true;
  place.hidden = false;
}
const print = received.querySelector("#print");
print.hidden = false;
print.addEventListener("click", () => window.print());

// On the confirmation: shows what was asked, as this tab kept it, and forgets the form that was half filled in.

const ASKED = "roamio:asked";
const NOTHING = { rows: [], apart: false };
const received = document.querySelector("#received");

function asked() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(ASKED));
    const { reference } = received.dataset;
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("roamio:")) sessionStorage.removeItem(key);
    if (!kept || (kept.reference ?? reference) !== reference) return NOTHING;
    // It is this booking's from now on: no other confirmation shows it.
    sessionStorage.setItem(ASKED, JSON.stringify({ ...kept, reference }));
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
place.querySelector("dl").append(...rows.map(shown));
place.querySelector("#apart").hidden = !apart;
place.hidden = rows.length === 0;
const print = received.querySelector("#print");
print.hidden = false;
print.addEventListener("click", () => window.print());

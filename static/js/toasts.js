// Tells somebody what was given to them: when the stream says that something was, and whenever the page is back from a
// gap, since a hidden tab lets go of its stream. Each thing is told once on this device. If they asked for it (in the
// help that `?` opens), the browser notifies them too, with a sound, and a hidden tab asks once a minute.
(() => {
  "use strict";

  const WANTED = "roamio-notify";
  const SHOWN = 3; // toasts at a time; what is older is on the person's lists
  const REMEMBERED = 200;
  const MINUTE = 60_000;

  let asking = false;
  let again = false;

  const toasts = () => document.getElementById("toasts");
  const isWanted = () => localStorage.getItem(WANTED) !== null;
  const mayNotify = () => "Notification" in window && Notification.permission === "granted";
  const key = () => `roamio-told ${toasts().dataset.person}`;

  async function ask() {
    again = asking;
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(toasts().dataset.address, { headers: { "HX-Request": "true" } });
      if (answer.ok) tell(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The next sign of life asks again.
    } finally {
      asking = false;
      if (again) ask();
    }
  }

  function tell(page) {
    const all = [...page.querySelectorAll(".toast")];
    const known = JSON.parse(localStorage.getItem(key()) ?? "null");
    const ids = all.map((toast) => toast.id);
    localStorage.setItem(key(), JSON.stringify([...new Set([...ids, ...(known ?? [])])].slice(0, REMEMBERED)));
    // Whoever is here for the first time begins with what is on their lists.
    const fresh = known ? all.filter((toast) => !known.includes(toast.id)) : [];
    if (fresh.length === 0) return;
    toasts().prepend(...fresh);
    [...toasts().children].slice(SHOWN).forEach((toast) => toast.remove());
    if (isWanted()) notify(fresh);
  }

  function notify(fresh) {
    chime();
    if (!mayNotify() || (!document.hidden && document.hasFocus())) return;
    for (const toast of fresh.slice(0, SHOWN)) {
      const title = toast.querySelector(".toast__title");
      const shown = new Notification(toast.querySelector(".toast__about").textContent, {
        body: title.textContent,
        tag: toast.id,
      });
      shown.addEventListener("click", () => {
        window.focus();
        location.assign(title.href);
      });
    }
  }

  // Two short notes, made here: no file to load. A browser that has not been touched yet stays silent.
  function chime() {
    const audio = new AudioContext();
    const volume = audio.createGain();
    volume.connect(audio.destination);
    volume.gain.setValueAtTime(0.08, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
    for (const [hertz, from] of [[660, 0], [880, 0.14]]) {
      const note = audio.createOscillator();
      note.frequency.value = hertz;
      note.connect(volume);
      note.start(audio.currentTime + from);
      note.stop(audio.currentTime + 0.5);
    }
    setTimeout(() => audio.close(), 1_000);
  }

  function say(text) {
    document.getElementById("notify-state").textContent = text;
  }

  async function choose(event) {
    if (!event.target.checked) {
      localStorage.removeItem(WANTED);
      say("");
      return;
    }
    localStorage.setItem(WANTED, "");
    chime();
    if ("Notification" in window) await Notification.requestPermission();
    say(mayNotify() ? "" : "This browser lets Roamio make the sound, but not notify you.");
  }

  document.addEventListener("live:assigned", ask);
  document.addEventListener("live:state", (event) => event.detail.data === "live" && ask());
  document.addEventListener("click", (event) => event.target.closest?.("[data-dismiss]")?.closest(".toast").remove());
  setInterval(() => document.hidden && isWanted() && ask(), MINUTE);

  document.addEventListener("DOMContentLoaded", () => {
    const notify = document.getElementById("notify");
    notify.checked = isWanted();
    notify.addEventListener("change", choose);
  });
})();

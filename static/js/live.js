// Keeps a staff page honest about whether it is live. hx-sse does the streaming; this file
//   - says in #live-state which it is: live, catching up, or offline since when (a page that is not live: only that);
//   - notices a stream that has gone silent, or that slept with the laptop, and has it made anew;
//   - tries again when the very first connection fails, which hx-sse does not;
//   - comes back when the server says so, if there was no place for a stream;
//   - lets a page rest, until somebody is at it, whose person has newer ones enough;
//   - loads the page anew when the server says so, or when nobody is signed in any more.
(() => {
  "use strict";

  const SILENCE = 45_000; // three heartbeats of live/stream.py
  const PATIENCE = 4_000; // how long catching up may take before it is called offline
  const FIRST_RETRY = 500;
  const LAST_RETRY = 1_000; // an outage is over for a page about a second after its end
  const LEAVING = 5_000; // how long the next page may take to come
  const ASLEEP = 10_000; // between two ticks of the clock below: timers stood still, and so did the network

  const ANSWER = 5_000; // how long an attempt may take
  const TICK = 250;
  // A browser that slept may send the next requests into connections that are dead as well, as many as it kept: the
  // first attempts get no long trial, each a longer one than that before it, and the next follows soon.
  const TRIALS = [300, 400, 500, 800, ANSWER];
  const ONE_TRIAL = [700]; // where the network went and came: the browser knows which connections went with it
  const HASTE = 100; // before each of them

  htmx.config.sse = { reconnectDelay: FIRST_RETRY, reconnectMaxDelay: LAST_RETRY, connectTimeout: ANSWER };

  let connection = null; // of hx-sse, once there is one
  let heard = Date.now(); // when anything last came
  let since = null; // since when the page may be out of date; null while it is live
  let cutOff = false; // whether it is the browser alone that says so
  let retry = FIRST_RETRY;
  let retrying = null;
  let refused = false; // an ordinary request is to ask again: hx-sse does not tell when the server has time
  let resting = false;
  let trials = []; // how long the next attempts may take, after a sleep

  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

  const isLive = () => !document.getElementById("live").getAttribute("hx-sse:connect").includes("view=access");

  function show(state, text) {
    const mark = document.getElementById("live-state");
    if (!mark || mark.dataset.state === state) return;
    mark.dataset.state = state;
    // A page whose stream brings nothing but news of the reader's role is not live, and says only when it is offline.
    mark.textContent = state === "offline" || isLive() ? text : "";
  }

  function live() {
    since = null;
    cutOff = false;
    retry = FIRST_RETRY;
    show("live", "Live");
  }

  function waiting(from = Date.now()) {
    since ??= from;
    tell();
  }

  function tell() {
    if (since === null) return;
    if (resting) show("resting", "Resting, as you have many pages open. Click to go on");
    else if (Date.now() - since < PATIENCE) show("waiting", "Catching up …");
    else show("offline", `Offline since ${clock.format(since)}`);
  }

  function isStream(event) {
    return event.target.id === "live";
  }

  // Signing out ends the stream too: whoever is on their way out is not turned round by that. A page that stays after
  // all, since what it left for was a file or a phone number, hears of it again a second later.
  let leftAt = 0;
  window.addEventListener("beforeunload", () => {
    leftAt = Date.now();
  });
  function reload() {
    if (Date.now() - leftAt > LEAVING) location.reload();
  }

  // The server's own words.
  document.addEventListener("live:state", (event) => (event.detail.data === "live" ? live() : waiting()));
  document.addEventListener("live:reload", reload);
  document.addEventListener("live:rest", () => {
    resting = true;
    waiting();
  });

  // Anything that comes is a sign of life.
  document.addEventListener("htmx:sse:before:message", () => {
    heard = Date.now();
    if (cutOff) live(); // it was wrong
  });

  document.addEventListener("htmx:sse:after:connection", (event) => {
    connection = event.detail.connection;
    heard = Date.now();
    hurry([]);
  });
  document.addEventListener("htmx:sse:before:connection", (event) => {
    // Between two attempts; the first one comes when the stream is there already.
    if (event.detail.connection.attempt === 0) return;
    waiting();
    if (refused || resting) event.detail.connection.cancelled = true;
  });
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail.status === 401) reload();
    else waiting();
    refused = [429, 503].includes(event.detail.status);
    // A server that answers is there, and one that has to be spared.
    hurry(event.detail.status ? [] : trials.slice(1));
    if (connection && trials.length) connection.attempt = 0; // hx-sse counts it up, and waits twice as long for each
  });
  document.addEventListener("htmx:sse:close", (event) => {
    if (event.detail.connection !== connection) return;
    connection = null;
    if (refused) askIn(FIRST_RETRY);
    refused = false;
  });

  // The first connection is an ordinary request, and an ordinary failure. (htmx itself acts on a 401's HX-Refresh.)
  function tryAgain(event) {
    if (!isStream(event) || connection || retrying) return;
    waiting();
    askIn(1000 * event.detail.ctx?.response?.headers.get("Retry-After") || retry);
    retry = Math.min(retry * 2, LAST_RETRY);
  }
  function askIn(pause) {
    clearTimeout(retrying);
    retrying = setTimeout(() => {
      retrying = null;
      const source = document.getElementById("live");
      if (source && !connection) htmx.ajax("GET", source.getAttribute("hx-sse:connect"), { source, timeout: ANSWER });
    }, pause * (0.7 + Math.random() * 0.6));
  }
  document.addEventListener("htmx:error", tryAgain);
  document.addEventListener("htmx:response:error", tryAgain);

  // Not by themselves: each page that comes back has another one rest.
  function wake() {
    if (!resting || connection) return;
    resting = false;
    waiting();
    askIn(0);
  }
  for (const name of ["focus", "pointerdown", "keydown"]) window.addEventListener(name, wake);

  function hurry(next) {
    trials = next;
    if (!connection) return;
    connection.config.reconnectDelay = next.length ? HASTE : FIRST_RETRY;
    connection.config.connectTimeout = next[0] ?? ANSWER;
  }

  // Ends a stream that is dead or asleep; hx-sse makes a new one.
  function startAnew(next) {
    if (!connection) return;
    cutOff = false;
    waiting(heard);
    heard = Date.now();
    hurry(next);
    if (connection.delayCanceller) {
      connection.attempt = 1;
      connection.delayCanceller();
    } else connection.reader?.cancel();
  }
  window.addEventListener("online", () => startAnew(ONE_TRIAL));
  window.addEventListener("offline", () => {
    cutOff = since === null;
    waiting();
  });
  let ticked = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (!document.hidden && (now - heard > SILENCE || now - ticked > ASLEEP)) startAnew(TRIALS);
    ticked = now;
    tell();
  }, TICK);

  document.addEventListener("DOMContentLoaded", () => {
    if (document.getElementById("live")) waiting();
  });
})();

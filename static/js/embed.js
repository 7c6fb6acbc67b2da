// <roamio-booking purpose="cab"></roamio-booking>: a Roamio booking form inside any page.
// Sets no cookie, keeps nothing, touches nothing outside its own element and hears its own frame only.
// What stands inside the element, such as a link, is for browsers without script and for pages that may not frame us.

(() => {
  const here = new URL(document.currentScript?.src ?? location.href).origin;
  // Until the form says how high it is: what follows it stays out of sight, so nothing is seen to jump.
  const FIRST_HEIGHT = "max(900px, 100vh)";
  const PATIENCE = 5000;
  const CAMPAIGN = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref"];
  const LOOK = ["theme", "accent"];
  const TITLES = { hi: "Roamio के साथ बुक करें", ar: "احجز مع Roamio" };
  const PREFILL = "prefill-";
  const NEWS = new Set(["roamio:ready", "roamio:step", "roamio:booked"]);
  const SCHEMES = { light: "light", dark: "dark" };

  class RoamioBooking extends HTMLElement {
    static observedAttributes = ["purpose", "language", ...LOOK];

    connectedCallback() {
      if (this.frame) return;
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      this.style.display = "block";
      this.frame = document.createElement("iframe");
      this.frame.title = this.getAttribute("label") ?? TITLES[this.language()] ?? "Book with Roamio";
      // By it the frame knows that it is fitted, and which of several on the page it is.
      this.frame.name = `roamio-booking ${[...document.querySelectorAll(this.localName)].indexOf(this)}`;
      this.frame.loading = "lazy";
      this.frame.style.cssText = `display:block;width:100%;border:0;height:${FIRST_HEIGHT}`;
      this.frame.addEventListener("load", () => this.wait());
      this.open();
      root.replaceChildren(this.frame);
      this.listener = (message) => this.hear(message);
      window.addEventListener("message", this.listener);
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.listener);
      clearTimeout(this.timer);
      this.frame?.remove();
      this.frame = null;
    }

    attributeChangedCallback(_, before, after) {
      if (this.frame && before !== after) this.open();
    }

    open() {
      this.told = {};
      this.frame.style.colorScheme = SCHEMES[this.getAttribute("theme")] ?? "light dark";
      this.frame.src = this.address();
    }

    // "hi-IN" is Hindi too. A language that we do not speak is answered in English.
    language() {
      return (this.getAttribute("language") ?? "").toLowerCase().split("-")[0];
    }

    address() {
      const language = this.language();
      const form = `embed/${encodeURIComponent(this.getAttribute("purpose") ?? "cab")}`;
      const address = new URL(TITLES[language] ? `/${language}/${form}` : `/${form}`, here);
      const page = new URLSearchParams(location.search);
      const say = (name, value) => value && address.searchParams.set(name, value);
      for (const { name, value } of this.attributes)
        if (name.startsWith(PREFILL)) say(name.slice(PREFILL.length).replaceAll("-", "_"), value);
      for (const name of LOOK) say(name, this.getAttribute(name));
      for (const name of CAMPAIGN) say(name, this.getAttribute(name) ?? page.get(name));
      say("host", location.origin + location.pathname);
      return address;
    }

    // A browser tells nobody that it refused a frame. One that stays silent gives way to what stands in the element.
    wait() {
      clearTimeout(this.timer);
      if (this.told.height || !this.childElementCount) return;
      this.timer = setTimeout(() => this.give(), PATIENCE);
    }

    give() {
      this.style.minHeight = "";
      this.shadowRoot.replaceChildren(document.createElement("slot"));
    }

    hear({ origin, source, data }) {
      if (origin !== here || !this.frame || source !== this.frame.contentWindow) return;
      if (data?.event === "roamio:height" && Number.isFinite(data.height)) this.fit(data.height);
      else if (NEWS.has(data?.event)) this.pass(data);
    }

    fit(height) {
      clearTimeout(this.timer);
      this.told.height = true;
      this.style.minHeight = ""; // the room that the page kept for the form
      this.frame.style.height = `${Math.min(Math.max(height, 100), 20000)}px`;
    }

    // Each piece of news once, however often the frame is reloaded.
    pass({ event, ...detail }) {
      const news = JSON.stringify(detail);
      if (this.told[event] === news) return;
      if (this.told[event] && this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
      this.told[event] = news;
      this.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }));
    }
  }

  if (!customElements.get("roamio-booking")) customElements.define("roamio-booking", RoamioBooking);
})();

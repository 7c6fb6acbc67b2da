// <roamio-booking purpose="cab"></roamio-booking>: a Roamio booking form inside any page.
// Sets no cookie, touches nothing outside its own element, and listens to its own frame only.

(() => {
  const here = new URL(document.currentScript?.src ?? location.href).origin;
  const FIRST_HEIGHT = 900;
  const PASSED_ON = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref"];

  class RoamioBooking extends HTMLElement {
    connectedCallback() {
      if (this.frame) return;
      const purpose = this.getAttribute("purpose") ?? "cab";
      const address = new URL(`/embed/${encodeURIComponent(purpose)}`, here);
      const page = new URLSearchParams(location.search);
      for (const name of PASSED_ON) {
        const value = this.getAttribute(name) ?? page.get(name);
        if (value) address.searchParams.set(name, value);
      }
      address.searchParams.set("host", location.origin + location.pathname);

      this.frame = document.createElement("iframe");
      this.frame.src = address;
      this.frame.title = this.getAttribute("title") ?? "Book with Roamio";
      this.frame.loading = "lazy";
      this.frame.style.cssText = `display:block;width:100%;border:0;height:${FIRST_HEIGHT}px;color-scheme:auto`;
      this.append(this.frame);
      this.listener = (message) => this.hear(message);
      window.addEventListener("message", this.listener);
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.listener);
      this.frame?.remove();
      this.frame = null;
    }

    hear({ origin, source, data }) {
      if (origin !== here || source !== this.frame?.contentWindow || typeof data?.event !== "string") return;
      if (data.event === "roamio:height" && Number.isFinite(data.height)) {
        this.frame.style.height = `${Math.min(Math.max(data.height, 100), 20000)}px`;
        return;
      }
      const { event, ...detail } = data;
      this.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }));
    }
  }

  if (!customElements.get("roamio-booking")) customElements.define("roamio-booking", RoamioBooking);
})();

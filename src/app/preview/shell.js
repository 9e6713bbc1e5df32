// Keeps the page up to date: what is told beside the report is fetched anew, the report's frame is loaded again where it
// was scrolled to.
const state = document.getElementById("state");
const frame = document.querySelector("iframe");
const events = new EventSource("/events");
let shown = null;
let lost = false;

async function renew(made) {
  if (!frame) {
    location.reload();
    return;
  }
  const answer = await fetch("/state");
  state.innerHTML = await answer.text();
  if (!made) return;
  let top = 0;
  try {
    top = frame.contentWindow.scrollY;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
    frame.contentWindow.location.reload();
  } catch {
    // A viewer of PDFs belongs to the browser and lets nobody look in.
    frame.src = frame.src;
  }
}

events.addEventListener("showing", (event) => {
  const showing = JSON.parse(event.data);
  if (lost) location.reload();
  else if (shown !== null && showing.version !== shown) renew(showing.made);
  shown = showing.version;
});
events.addEventListener("error", () => {
  lost = true;
});

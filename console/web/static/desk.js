// The console's own script: keys, the player, and pages that renew themselves. Without it every
// link and form still works.
const $ = (id) => document.getElementById(id);
const all = (what) => [...document.querySelectorAll(what)];
const sound = $("sound");
const typing = (target) => target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");

// ---- words follow the sound ----
for (const said of all("#lines p[data-w]")) {
  const steps = said.dataset.w.split(" ");
  let at = 0;
  said.querySelectorAll("b").forEach((word, n) => { at += Number(steps[n]); word.dataset.s = at; });
}
const words = all("#lines b[data-s]");
const starts = words.map((word) => Number(word.dataset.s));
let now = null;

/** The last word that has begun at `ms`, by binary search; one class moves, nothing else changes. */
export function wordAt(ms) {
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= ms) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function mark() {
  const next = words[wordAt(sound.currentTime * 1000)] ?? null;
  if (next === now) return;
  now?.classList.remove("now");
  next?.classList.add("now");
  now = next;
  const line = next?.closest("li");
  if (line && $("follow")?.checked) {
    const list = $("lines");
    const place = line.offsetTop - list.offsetTop;
    if (place < list.scrollTop || place > list.scrollTop + list.clientHeight - 60) {
      list.scrollTop = place - list.clientHeight / 3;
    }
  }
}

let passage = null;
function tick() {
  mark();
  draw();
  if ($("loop")?.checked && passage && sound.currentTime * 1000 >= passage[1]) sound.currentTime = passage[0] / 1000;
  if (!sound.paused) requestAnimationFrame(tick);
}

function seek(ms, play = true) {
  if (!sound) return;
  const place = Math.max(0, ms / 1000);
  const go = () => { sound.currentTime = place; mark(); draw(); };
  if (sound.readyState > 0) go(); else { sound.addEventListener("loadedmetadata", go, { once: true }); sound.preload = "auto"; sound.load(); }
  if (play) sound.play().catch(() => {});
}

// ---- levels, pitch, evidence ----
const canvas = $("curves");
const data = $("data") ? JSON.parse($("data").textContent) : null;
const INK = { agent: ["#0b5394", []], customer: ["#9a4500", [5, 3]], unknown: ["#444", []], system: ["#777", [2, 2]] };
const SHADE = { critical: "rgba(143,29,29,.22)", major: "rgba(200,120,0,.22)", minor: "rgba(51,80,106,.18)" };
let still = null;
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function drawn() {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = width * scale; canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const x = (ms) => ms / Math.max(1, data.duration) * width;
  for (const [start, end, , severity] of data.marks) {
    pen.fillStyle = SHADE[severity];
    // What speaks for a finding over most of the call (nothing was said …) would shade all of it.
    const wide = end - start > data.duration / 3;
    pen.fillRect(x(start), 0, Math.max(3, x(end) - x(start)), wide ? 4 : height);
  }
  const half = height / 2;
  for (const track of data.tracks) {
    const [ink, dash] = INK[track.party] ?? INK.unknown;
    pen.strokeStyle = ink; pen.lineWidth = 1;
    line(pen, bytes(track.level), (n) => x((n + .5) * track.step), (v) => half - v / 255 * (half - 4), dash, false);
    line(pen, bytes(track.pitch), (n) => x((n + .5) * track.step), (v) => height - v / 255 * (half - 4), dash, true);
  }
  pen.setLineDash([]); pen.strokeStyle = "#cdd5da";
  pen.beginPath(); pen.moveTo(0, half); pen.lineTo(width, half); pen.stroke();
  still = pen.getImageData(0, 0, canvas.width, canvas.height);
}

function line(pen, values, x, y, dash, gaps) {
  pen.setLineDash(dash); pen.beginPath();
  let down = false;
  values.forEach((value, n) => {
    if (gaps && !value) { down = false; return; }
    if (down) pen.lineTo(x(n), y(value)); else pen.moveTo(x(n), y(value));
    down = true;
  });
  pen.stroke();
}

function draw() {
  if (!canvas || !data) return;
  if (!still) drawn();
  const pen = canvas.getContext("2d");
  pen.putImageData(still, 0, 0);
  pen.setLineDash([]); pen.strokeStyle = "#1a2024"; pen.lineWidth = 2;
  const at = sound.currentTime * 1000 / Math.max(1, data.duration) * canvas.clientWidth;
  pen.beginPath(); pen.moveTo(at, 0); pen.lineTo(at, canvas.clientHeight); pen.stroke();
}

if (sound) {
  sound.addEventListener("play", () => requestAnimationFrame(tick));
  for (const event of ["seeked", "pause"]) sound.addEventListener(event, () => { mark(); draw(); });
  $("speed").addEventListener("change", () => { sound.playbackRate = Number($("speed").value); });
}
if (canvas && data) {
  draw();
  canvas.addEventListener("click", (event) => seek(event.offsetX / canvas.clientWidth * data.duration));
  window.addEventListener("resize", () => { still = null; draw(); });
}
document.addEventListener("click", (event) => {
  const timed = event.target.closest("b[data-s], a[data-t], #lines a.at");
  if (!timed || !sound) return;
  const ms = Number(timed.dataset.t ?? timed.dataset.s ?? timed.closest("li").dataset.s);
  if (timed.matches("a")) event.preventDefault();
  seek(ms);
});

// ---- findings ----
let here = -1;
const findings = () => all(".finding");
function goTo(place, play) {
  const found = findings();
  if (!found.length) return;
  here = (place + found.length) % found.length;
  found.forEach((one, n) => one.classList.toggle("here", n === here));
  const one = found[here];
  one.focus({ preventScroll: true });
  one.scrollIntoView({ block: "nearest" });
  passage = [Number(one.dataset.s), Math.max(Number(one.dataset.e), Number(one.dataset.s) + 1000)];
  const link = one.querySelector("a.at");
  const said = link && document.querySelector(link.getAttribute("href"));
  if (said?.matches("li")) { const list = $("lines"); list.scrollTop = said.offsetTop - list.offsetTop - list.clientHeight / 3; }
  if (play) seek(passage[0]);
}
document.addEventListener("focusin", (event) => {
  const one = event.target.closest(".finding");
  if (one && findings().indexOf(one) !== here) { here = findings().indexOf(one); findings().forEach((f, n) => f.classList.toggle("here", n === here)); }
});
const marks = () => (data?.marks ?? []).map((one) => one[0]).sort((a, b) => a - b);
function evidence(step) {
  if (!sound) return;
  const at = sound.currentTime * 1000;
  const next = step > 0 ? marks().find((ms) => ms > at + 200) : marks().filter((ms) => ms < at - 1200).pop();
  if (next !== undefined) seek(next);
}
const current = () => findings()[here] ?? findings()[0];

// A verdict is sent without leaving the page, so that the sound plays on.
async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("findings");
  if (!fresh) { form.submit(); return; }
  $("findings").replaceWith(fresh);
  $("notice").replaceChildren(...(page.getElementById("notice")?.childNodes ?? []));
  document.dispatchEvent(new CustomEvent("judged", { detail: answer.status }));
  return answer.status;
}
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".judge, .undo")) return;
  event.preventDefault();
  const was = here < 0 ? 0 : here;
  const status = await send(form, event.submitter);
  const next = form.matches(".judge") && status < 400 ? Math.min(was + 1, findings().length - 1) : was;
  goTo(next, false);
});

// ---- keys ----
const rate = (step) => {
  const list = $("speed");
  list.selectedIndex = Math.min(Math.max(0, list.selectedIndex + step), list.options.length - 1);
  list.dispatchEvent(new Event("change"));
};
const lineHere = () => now?.closest("li") ?? document.querySelector("#lines li.found") ?? document.querySelector("#lines li");
const KEYS = {
  " ": () => sound && (sound.paused ? seek(sound.currentTime * 1000) : sound.pause()),
  ArrowLeft: () => sound && seek(sound.currentTime * 1000 - 5000, !sound.paused),
  ArrowRight: () => sound && seek(sound.currentTime * 1000 + 5000, !sound.paused),
  "[": () => evidence(-1), "]": () => evidence(1),
  j: () => goTo(here + 1, false), k: () => goTo(here < 0 ? -1 : here - 1, false),
  1: () => press("confirmed"), 2: () => press("rejected"), 3: () => press("unsure"),
  c: () => current()?.querySelector("select[name=cause]")?.focus(),
  t: () => current()?.querySelector("input[name=note]")?.focus(),
  u: () => current()?.querySelector(".undo button")?.click(),
  w: () => $("whole")?.querySelector("select")?.focus(),
  l: () => $("loop") && ($("loop").checked = !$("loop").checked),
  "-": () => sound && rate(-1), "=": () => sound && rate(1),
  e: () => lineHere()?.querySelector("a.edit")?.click(),
  n: () => $("next")?.requestSubmit(),
  "?": () => ($("keys").open ? $("keys").close() : $("keys").showModal()),
};
const LIST = {
  j: () => row(1), k: () => row(-1), n: KEYS.n,
  Enter: () => document.querySelector("tr.here a")?.click(),
};
const press = (decision) => current()?.querySelector(`button[value=${decision}]`)?.click();
let place = -1;
function row(step) {
  const rows = all(".lines tbody tr");
  place = Math.min(Math.max(0, place + step), rows.length - 1);
  rows.forEach((one, n) => one.classList.toggle("here", n === place));
  rows[place]?.querySelector("a")?.focus();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (typing(event.target)) { if (event.key === "Escape") event.target.blur(); return; }
  const keys = { interaction: KEYS, worklist: LIST }[document.body.dataset.page];
  const act = keys?.[event.key];
  if (!act || ($("keys")?.open && event.key !== "?")) return;
  const own = event.target.closest("button, a, audio, summary");
  if (own && (event.key === " " || event.key === "Enter")) return;
  event.preventDefault();
  act();
});
$("help")?.addEventListener("click", KEYS["?"]);
// The place of a finding in the address is where judging goes on.
if (location.hash.startsWith("#f-")) goTo(findings().findIndex((one) => `#${one.id}` === location.hash), false);

// ---- pages that renew themselves ----
const every = Number(document.body.dataset.renew);
if (every) setInterval(async () => {
  if (document.hidden || $("renewed").contains(document.activeElement)) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("renewed");
  if (fresh) $("renewed").replaceWith(fresh);
}, every * 1000);
document.documentElement.dataset.ready = "1";

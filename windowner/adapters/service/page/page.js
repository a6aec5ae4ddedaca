"use strict";
{
const at = (id) => document.getElementById(id);
const PAUSE = 250; // milliseconds without a key, after which a text is tagged
const HOVER = 150; // milliseconds over an entity, after which it is explained
const AROUND = 8; // words that are shown on each side of an explained word
const HUES = 6;
let model = { types: [], tags: [] };
let cutoffs = new Map(); // by type, whatever a type is called
let characters = []; // of the tagged text; offsets count code points, and not units of UTF-16
let spans = [];
let least = null; // null: the model's own cutoffs
let chosen = null; // what is explained: its span, and a character of its word
let isQuiet = false;
let tagging = null, explaining = null, pause = 0, hover = 0;
const known = new Map(); // explanations of the tagged text

// Text is set by textContent alone, so that markup in tokens and types stays text.
function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

const between = (start, end) => characters.slice(start, end).join("");
const signed = (nats) => `${nats < 0 ? "−" : "+"}${Math.abs(nats).toFixed(3)}`;
const hue = (label) => `entity hue-${Math.max(0, model.types.indexOf(label)) % HUES}`;
const isShown = (span) => span.probability >= (least === null ? cutoffs.get(span.label) ?? 0 : least);

function tell(problem) {
  at("problem").textContent = problem;
  at("problem").hidden = !problem;
}

async function ask(path, request, signal) {
  const options = request && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), signal,
  };
  const answer = await fetch(path, options || {});
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error);
  return content;
}

// The answer of the latest request alone is shown; a request that was overtaken is null.
async function latest(before, path, request, keep) {
  if (before) before.abort();
  const control = new AbortController();
  keep(control);
  try {
    const answer = await ask(path, request, control.signal);
    if (control.signal.aborted) return null;
    tell("");
    return answer;
  } catch (error) {
    if (control.signal.aborted) return null;
    tell(error instanceof TypeError ? "The service does not answer." : error.message);
    return null;
  }
}

async function tag() {
  const value = at("text").value;
  const text = value.toWellFormed ? value.toWellFormed() : value;
  const answer = await latest(tagging, "tag", { text, min_probability: 0 }, (control) => { tagging = control; });
  if (!answer) return;
  characters = Array.from(text);
  spans = answer.spans;
  known.clear();
  close();
  show();
}

function show() {
  const shown = spans.filter(isShown);
  const made = [];
  let place = 0;
  for (const span of shown) {
    made.push(between(place, span.start), mark(span));
    place = span.end;
  }
  at("tagged").replaceChildren(...made, between(place));
  const hidden = spans.length - shown.length;
  const count = shown.length === 1 ? "1 entity" : `${shown.length} entities`;
  at("status").textContent = hidden ? `${count}, ${hidden} hidden` : count;
  if (chosen) {
    if (isShown(chosen.span)) expand(chosen.span); else close();
  }
}

function mark(span) {
  const made = element("mark", between(span.start, span.end), hue(span.label));
  const small = element("small", span.label || "(no type)");
  small.append(element("span", span.probability.toFixed(2), "p"));
  made.append(small);
  made.tabIndex = 0;
  made.dataset.start = span.start;
  made.setAttribute("role", "button");
  made.setAttribute("aria-expanded", "false");
  made.setAttribute("aria-controls", "why");
  const choose = () => { clearTimeout(hover); if (!chosen || chosen.span !== span) explain(span, span.start); };
  made.addEventListener("click", choose);
  made.addEventListener("focus", () => { if (!isQuiet) choose(); });
  made.addEventListener("mouseenter", () => { clearTimeout(hover); hover = setTimeout(choose, HOVER); });
  made.addEventListener("mouseleave", () => clearTimeout(hover));
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); explain(span, span.start); }
  });
  return made;
}

function expand(span) {
  for (const each of at("tagged").querySelectorAll("mark"))
    each.setAttribute("aria-expanded", String(Boolean(span) && Number(each.dataset.start) === span.start));
}

async function explain(span, character, against) {
  chosen = { span, character };
  const request = { text: characters.join(""), character };
  if (against) request.against = against;
  const key = `${character} ${against || ""}`;
  const answer = known.get(key) || await latest(explaining, "explain", request, (control) => { explaining = control; });
  if (!answer || !chosen || chosen.span !== span || chosen.character !== character) return;
  known.set(key, answer);
  showWhy(span, answer);
}

function showWhy(span, why) {
  const explained = why.decided_by === "rule" ? why.chosen : why.tag;
  at("why-h").textContent = `${why.sentence[why.word]}: why ${explained}?`;
  const from = Math.max(0, why.word - AROUND);
  const hadFocus = at("tokens").contains(document.activeElement);
  at("tokens").replaceChildren(...why.sentence.slice(from, why.word + AROUND + 1).map((token, number) => {
    const button = element("button", token);
    button.type = "button";
    button.setAttribute("aria-pressed", String(from + number === why.word));
    button.addEventListener("click", () => explain(span, why.offsets[from + number][0]));
    return button;
  }));
  if (hadFocus) at("tokens").querySelector("[aria-pressed=true]").focus();
  at("against").replaceChildren(...model.tags.filter((tag) => tag !== why.tag).map((tag) => {
    const option = element("option", tag);
    option.value = tag;
    option.selected = tag === why.against;
    return option;
  }));
  const note = why.note ? `The tagger gives ${why.chosen}. ${why.note} ` : "";
  at("sum").textContent = `${note}The score of ${why.tag} minus that of ${why.against} is ${signed(why.difference)} nats, the sum of these shares. A share of 0.7 doubles the odds.`;
  const largest = Math.max(...why.words.map((share) => Math.abs(share.nats))) || 1;
  at("words").replaceChildren(...why.words.map((share) => row(share, [], largest)));
  at("features").replaceChildren(...why.features.map((share) => row(share, [share.feature], 0)));
  at("why").hidden = false;
  document.querySelector(".beside").classList.add("open");
  expand(span);
  uncover(span);
  const pressed = at("tokens").querySelector("[aria-pressed=true]");
  at("tokens").scrollLeft = pressed.offsetLeft - at("tokens").offsetLeft - at("tokens").clientWidth / 2;
}

// On a narrow page the explanation lies over the end of the text; the entity is scrolled out from under it.
function uncover(span) {
  const own = at("tagged").querySelector(`mark[data-start="${span.start}"]`);
  const [place, over] = [own, at("why")].map((each) => each.getBoundingClientRect());
  if (over.left < place.right && over.top < place.bottom) own.scrollIntoView({ block: "start" });
}

function row(share, more, largest) {
  const made = document.createElement("tr");
  const head = element("th", share.word);
  head.scope = "row";
  const nats = element("td", signed(share.nats), "n");
  if (largest) {
    const bar = element("span", "", "bar"), part = document.createElement("i");
    part.style.setProperty("--share", (Math.abs(share.nats) / largest).toFixed(3));
    if (share.nats < 0) part.style.setProperty("--hue", "var(--series-1)");
    bar.setAttribute("aria-hidden", "true");
    bar.append(part);
    nats.append(bar);
  }
  const cells = [share.place.replace("-", "−"), ...more].map((text) => element("td", text));
  made.append(head, ...cells, nats);
  return made;
}

function close() {
  const span = chosen && chosen.span;
  const hadFocus = at("why").contains(document.activeElement);
  chosen = null;
  at("why").hidden = true;
  document.querySelector(".beside").classList.remove("open");
  expand(null);
  const own = span && at("tagged").querySelector(`mark[data-start="${span.start}"]`);
  if (hadFocus && own) {
    isQuiet = true; // focus alone would open it again
    own.focus();
    isQuiet = false;
  }
}

function showLeast() {
  const own = least === null && cutoffs.size;
  at("least-shown").textContent = own ? "the model's own" : Number(at("least").value).toFixed(2);
}

at("text").addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(tag, PAUSE); });
at("least").addEventListener("input", () => { least = Number(at("least").value); showLeast(); show(); });
at("against").addEventListener("change", () => { if (chosen) explain(chosen.span, chosen.character, at("against").value); });
at("close").addEventListener("click", close);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
ask("healthz").then((found) => {
  model = found;
  cutoffs = new Map(Object.entries(model.cutoffs));
  at("model").textContent = model.model;
  document.title = `${model.model} · windowner`;
  showLeast();
  return tag();
}).catch((error) => tell(error.message));
}

"use strict";
{
const { suspects, types, name } = JSON.parse(document.getElementById("data").textContent);
const decisions = new Map(); // number of the suspect -> {decision, spans}
let current = 0;
let unsaved = false;
const at = (id) => document.getElementById(id);

// Text is set by textContent alone, so that markup in tokens and types stays text.
function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showSentence(place, head, suspect, spans) {
  place.replaceChildren(element("b", head));
  const inside = (i) => i >= suspect.start && i < suspect.end;
  for (let i = 0; i < suspect.tokens.length; ) {
    const own = spans.find((each) => each.start === i);
    const span = own || suspect.others.find((each) => each.start === i);
    const end = span ? span.end : i + 1;
    const text = suspect.tokens.slice(i, end).join(" ");
    if (span) {
      const mark = element("mark", text, own ? "doubted" : "same");
      mark.append(element("small", span.label || "(no type)"));
      place.append(mark);
    } else place.append(inside(i) ? element("mark", text, "same") : text);
    place.append(" ");
    i = end;
  }
  place.append(spans.length ? "" : element("span", "· no entity here", "muted"));
}

function addFact(head, value) {
  const fact = document.createElement("div");
  fact.append(element("dt", head), element("dd", value));
  at("facts").append(fact);
}

function chosenType(decision) {
  return decision && decision.decision === "accept" && decision.type;
}

function show() {
  const suspect = suspects[current], decision = decisions.get(current);
  at("suspect-h").textContent = `${suspect.kind}: ${suspect.tokens.slice(suspect.start, suspect.end).join(" ")}`;
  at("where").textContent = `${current + 1} of ${suspects.length} · ${suspect.shown}`;
  showSentence(at("gold"), "labelled", suspect, suspect.gold);
  showSentence(at("suggested"), decision && decision.type ? "chosen" : "suggested", suspect,
    chosenType(decision) ? decision.spans : suspect.spans);
  at("facts").replaceChildren();
  addFact("probability of the label", suspect.p_gold.toFixed(3));
  addFact("of the suggestion", suspect.p_suggested.toFixed(3));
  const same = suspect.same_words;
  addFact("same words elsewhere", String(same.total));
  addFact("labelled as here / as suggested", `${same.as_gold} / ${same.as_suggested}`);
  at("accept").setAttribute("aria-pressed", Boolean(decision && decision.decision === "accept" && !decision.type));
  at("keep").setAttribute("aria-pressed", Boolean(decision && decision.decision === "keep"));
  for (const button of at("types").children) {
    button.setAttribute("aria-pressed", chosenType(decision) === `type ${button.dataset.type}`);
  }
  at("back").disabled = current === 0;
  at("next").disabled = current === suspects.length - 1;
  const kept = [...decisions.values()].filter((each) => each.decision === "keep").length;
  at("progress").textContent = `${decisions.size} of ${suspects.length} decided: ${decisions.size - kept} changed, ${kept} kept`;
  at("export").disabled = decisions.size === 0;
}

function move(step) {
  current = Math.min(Math.max(current + step, 0), suspects.length - 1);
  show();
}

function decide(decision, spans, type) {
  decisions.set(current, { decision, spans, type });
  unsaved = true;
  move(1);
}

// A type is given to the suggested entities, or to the labelled ones where nothing is suggested.
function chooseType(type) {
  const suspect = suspects[current];
  const spans = suspect.spans.length ? suspect.spans : suspect.gold;
  decide("accept", spans.map((span) => ({ ...span, label: type })), `type ${type}`);
}

const accept = () => decide("accept", suspects[current].spans);
const keep = () => decide("keep", suspects[current].gold);

function takeBack() {
  decisions.delete(current);
  show();
}

function lines() {
  return [...decisions].sort(([a], [b]) => a - b).map(([number, { decision, spans }]) => {
    const { file, line, sentence, start, end, tokens, gold } = suspects[number];
    return JSON.stringify({ file, line, sentence, start, end, tokens, gold, decision, spans }) + "\n";
  }).join("");
}

function download() {
  if (!decisions.size) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines()], { type: "application/jsonl" }));
  link.download = `${name}-decisions.jsonl`;
  link.click();
  unsaved = false;
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const KEYS = {
  a: accept, k: keep, u: takeBack, e: download,
  ArrowLeft: () => move(-1), ArrowRight: () => move(1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !suspects.length) return;
  const type = types[Number(event.key) - 1];
  const act = KEYS[event.key] || (type !== undefined && (() => chooseType(type)));
  if (!act) return;
  event.preventDefault();
  act();
});

types.forEach((type, number) => {
  const button = element("button", type || "(no type)");
  button.type = "button";
  button.dataset.type = type;
  if (number < 9) button.append(" ", element("kbd", String(number + 1)));
  button.addEventListener("click", () => chooseType(type));
  at("types").append(button);
});
const CLICKS = { accept, keep, back: () => move(-1), next: () => move(1), export: download };
for (const [id, act] of Object.entries(CLICKS)) at(id).addEventListener("click", act);
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
if (suspects.length) {
  document.querySelector("main.review").hidden = false;
  show();
}
}

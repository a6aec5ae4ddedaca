"use strict";
// The page: tags the text while it is typed, and marks the entities. Text is set by textContent alone, so that markup in
// it stays text.

const model = JSON.parse(document.getElementById("model").textContent);
const tagger = makeTagger(model), tokenize = makeTokenizer(model);

// The entities of a text: {start, end, type, probability}, characters `start` to `end` (exclusive).
function findEntities(text) {
  const sentences = tokenize(text);
  const found = tagger.entities(sentences.map((sentence) => sentence.map((token) => token.text)));
  return sentences.flatMap((tokens, i) => found[i].map((entity) => (
    { ...entity, start: tokens[entity.start].start, end: tokens[entity.end - 1].end }
  )));
}

{
  const PAUSE = 120; // milliseconds without a key, after which a text is tagged
  const at = (id) => document.getElementById(id);
  let text = "", found = [];
  let pause = 0;
  let least = null; // null: the model's own cutoffs

  function element(name, content, className) {
    const made = document.createElement(name);
    made.textContent = content;
    made.className = className;
    return made;
  }

  function mark({ start, end, type, probability }) {
    const made = element("mark", text.slice(start, end), "entity");
    made.style.setProperty("--hue", `var(--series-${model.types.indexOf(type) % model.hues})`);
    const label = element("small", `${type || "(no type)"}\u00A0`, "");
    label.append(element("span", probability.toFixed(2), "p"));
    made.append(label);
    return made;
  }

  const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  function show() {
    const shown = found.filter((entity) => tagger.isProbable(entity, least));
    const made = [];
    let place = 0;
    for (const entity of shown) {
      made.push(text.slice(place, entity.start), mark(entity));
      place = entity.end;
    }
    at("tagged").replaceChildren(...made, text.slice(place));
    at("tagged").hidden = !text;
    const hidden = found.length - shown.length;
    at("status").textContent = count(shown.length, "entity", "entities") + (hidden ? `, ${hidden} less probable` : "");
  }

  function tag() {
    text = at("text").value;
    found = findEntities(text);
    show();
  }

  at("text").addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(tag, PAUSE);
  });
  at("least").addEventListener("input", () => {
    least = Number(at("least").value);
    at("least-shown").textContent = least.toFixed(2);
    show();
  });
  document.querySelector("main").hidden = false;
  tag();
}

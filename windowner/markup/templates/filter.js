"use strict";
// Shows the sentences in which the chosen taggers make mistakes of the chosen kind. Without scripts, all are shown.
for (const form of document.querySelectorAll("form.filter")) {
  const items = [...document.querySelectorAll("#" + form.dataset.list + " > li")];
  const kindsOf = (item) => item.dataset.kinds.split("|").map((kinds) => kinds.split(" ").filter(Boolean));
  const isMeant = (kinds, who) =>
    who === "any" || kinds.every((mistakes, tagger) => (who === "all" || who === String(tagger)) === mistakes.length > 0);
  const update = () => {
    const chosen = new FormData(form);
    const kind = chosen.get("kind");
    const who = chosen.get("who") ?? "any";
    let shown = 0;
    for (const item of items) {
      const kinds = kindsOf(item);
      item.hidden = !((kind === "any" || kinds.flat().includes(kind)) && isMeant(kinds, who));
      shown += !item.hidden;
    }
    form.querySelector("output").textContent = `${shown} of ${items.length} sentences`;
  };
  form.hidden = false;
  form.addEventListener("change", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  update();
}

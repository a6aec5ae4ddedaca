"use strict";
for (const figure of document.querySelectorAll(".graph")) {
  const captions = [...figure.querySelectorAll(".captions li")].map((item) => item.textContent);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const last = captions.length - 1;
  const find = (name) => figure.querySelector(name);
  let step = 0, timer = 0;
  function show(number) {
    step = Math.max(0, Math.min(last, number));
    const kind = step > last / 2 ? "backward" : "forward";
    for (const text of figure.querySelectorAll("[data-step]")) text.classList.toggle("later", text.dataset.step > step);
    for (const group of figure.querySelectorAll("[data-at]")) {
      const now = group.dataset.at.split(" ").includes(String(step));
      group.classList.toggle("forward", now && kind === "forward");
      group.classList.toggle("backward", now && kind === "backward");
    }
    find(".now").textContent = captions[step];
    find(".count").textContent = `step ${step} of ${last}`;
    const gate = find(".gate.forward, .gate.backward"), frame = find(".scroll");
    if (gate) {
      const [inner, outer] = [gate.getBoundingClientRect(), frame.getBoundingClientRect()];
      const left = frame.scrollLeft + (inner.left + inner.right - outer.left - outer.right) / 2;
      const top = frame.scrollTop + (inner.top + inner.bottom - outer.top - outer.bottom) / 2;
      frame.scrollTo({ left, top, behavior: calm ? "auto" : "smooth" });
    }
  }
  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => (step < last ? show(step + 1) : play(false)), 1800) : 0;
    find("[data-go=play]").textContent = on ? "pause" : "play";
  }
  const go = {
    first: () => show(0), back: () => show(step - 1), next: () => show(step + 1), last: () => show(last),
    play: () => { if (!timer && step === last) show(0); play(!timer); },
  };
  const keys = { Home: "first", ArrowLeft: "back", ArrowRight: "next", End: "last", " ": "play" };
  find(".steps").addEventListener("click", (event) => {
    const name = event.target.dataset.go;
    if (name && name !== "play") play(false);
    if (name) go[name]();
  });
  const listener = "alone" in figure.dataset ? document : figure;
  listener.addEventListener("keydown", (event) => {
    const name = keys[event.key];
    if (!name || event.altKey || event.ctrlKey || event.metaKey || (event.key === " " && event.target.closest?.("button, summary"))) return;
    event.preventDefault();
    if (name !== "play") play(false);
    go[name]();
  });
  find(".steps").hidden = false;
  show(0);
}

"use strict";
const cases = [...document.querySelectorAll(".case")];
const field = (id) => document.getElementById(id);
function sift() {
  const words = field("text").value.toLowerCase();
  let count = 0;
  for (const one of cases) {
    const shown = (!field("failing").checked || one.classList.contains("bad")) &&
      (!field("suite").value || one.dataset.suite === field("suite").value) &&
      (!words || one.textContent.toLowerCase().includes(words));
    one.hidden = !shown;
    count += shown;
  }
  field("count").value = `${count} shown`;
}
if (field("sift")) {
  field("sift").addEventListener("input", sift);
  field("sift").addEventListener("submit", (event) => event.preventDefault());
  sift();
}
for (const one of cases) {
  one.addEventListener("toggle", () => {
    const media = one.querySelector("video, audio");
    if (media && one.open) media.preload = "metadata";
  });
}
function shown() {
  const one = cases.find((each) => each.id === decodeURIComponent(location.hash.slice(1)));
  if (!one) return;
  one.hidden = false;
  one.open = true;
  one.scrollIntoView();
}
window.addEventListener("hashchange", shown);
shown();
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-from]");
  if (!button) return;
  const sound = button.closest(".case").querySelector("video, audio");
  if (!sound) return;
  const until = Number(button.dataset.until);
  const start = () => {
    sound.currentTime = Number(button.dataset.from);
    sound.play();
  };
  if (sound.readyState > 0) start();
  else {
    sound.addEventListener("loadedmetadata", start, { once: true });
    sound.load();
  }
  sound.ontimeupdate = () => {
    if (sound.currentTime < until) return;
    sound.ontimeupdate = null;
    sound.pause();
  };
});

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
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-from]");
  if (!button) return;
  const sound = button.closest(".case").querySelector("audio");
  if (!sound) return;
  const until = Number(button.dataset.until);
  sound.currentTime = Number(button.dataset.from);
  sound.play();
  const stop = () => {
    if (sound.currentTime < until) return;
    sound.pause();
    sound.removeEventListener("timeupdate", stop);
  };
  sound.addEventListener("timeupdate", stop);
});

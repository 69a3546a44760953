// Line icons, drawn for this page.

import { html } from "./vendor/htm-preact.js"

const icon = (path) => html`<svg viewBox="0 0 24 24" class="icon" aria-hidden="true">
  ${path.map((d) => html`<path d=${d} />`)}
</svg>`

export const icons = {
  sound: icon(["M4 9v6h4l5 4V5L8 9H4z", "M16 8.5a5 5 0 0 1 0 7", "M18.7 6a8.6 8.6 0 0 1 0 12"]),
  muted: icon(["M4 9v6h4l5 4V5L8 9H4z", "M16.5 9.5l5 5", "M21.5 9.5l-5 5"]),
  microphone: icon(["M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z", "M6 11a6 6 0 0 0 12 0", "M12 17v4"]),
  send: icon(["M5 12h13", "M12.5 6l6 6-6 6"]),
  stop: icon(["M7 7h10v10H7z"]),
  hand: icon(["M8 12V6a1.5 1.5 0 0 1 3 0v5", "M11 11V4.5a1.5 1.5 0 0 1 3 0V11", "M14 11V6a1.5 1.5 0 0 1 3 0v8a6 6 0 0 1-6 6h-.5a6 6 0 0 1-5-2.7L3.6 14a1.5 1.5 0 0 1 2.4-1.8L8 14.5"]),
  check: icon(["M5 12.5l4.5 4.5L19 7.5"]),
  cross: icon(["M6.5 6.5l11 11", "M17.5 6.5l-11 11"]),
  back: icon(["M9 14L4 9l5-5", "M4 9h10a6 6 0 0 1 0 12h-3"]),
  bell: icon(["M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16z", "M10.5 21h3"]),
  search: icon(["M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12z", "M15.5 15.5L20 20"]),
  upload: icon(["M12 16V5", "M7.5 9.5L12 5l4.5 4.5", "M5 16v3h14v-3"]),
  file: icon(["M7 3.5h7l4 4V20.5H7z", "M14 3.5v4h4"]),
  chevron: icon(["M9.5 6l6 6-6 6"]),
  left: icon(["M14.5 6l-6 6 6 6"]),
  pin: icon(["M9 4h6l-1 6 3 3H7l3-3-1-6z", "M12 13v7"]),
}

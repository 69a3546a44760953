// The line at the top: is the show well?

import { html } from "./vendor/htm-preact.js"

export const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds))
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const text = parts.map((part) => String(part).padStart(2, "0"))
  return parts[0] ? text.join(":") : text.slice(1).join(":")
}

function Chip({ name, value, tone, title }) {
  return html`<span class=${`chip ${tone ?? ""}`} title=${title}><small>${name}</small><b>${value}</b></span>`
}

// More than one picture in two hundred is worth a look.
const many = (count, stats) => count > (stats.frame ?? 0) / 200

const VIEWS = [["said", "Show", ""], ["plan", "Plan", "P"], ["catalog", "Catalog", "C"], ["questions", "Questions", "Q"]]

// Which of them is open where all of the show's panels stand side by side.
function Views({ tab, open, onTab }) {
  const now = ["plan", "catalog", "questions"].includes(tab) ? tab : "said"
  return html`<div class="views">${VIEWS.map(([name, label, key]) => html`<button key=${name} aria-pressed=${now === name} title=${key ? `Key ${key}` : ""} onClick=${() => onTab(name)}>${label}
    ${name === "questions" && open > 0 && html`<span class="count">${open}</span>`}</button>`)}</div>`
}

export function Top({ state, link, tab, open, onTab, onKeys }) {
  const { stats, fps } = state
  const due = stats.notice_due_s
  return html`<header>
    <span class="logo">Candor</span>
    <span class="shop words">${state.shop}</span>
    ${link === "open"
      ? html`<span class="live">ON AIR ${stats.frame ? clock(stats.frame / 25) : ""}</span>`
      : html`<span class="live wait">CONNECTING</span>`}
    ${state.takenOver && html`<span class="badge warn">TAKEN OVER</span>`}
    <span class="grow"></span>
    <${Views} tab=${tab} open=${open} onTab=${onTab} />
    <div class="chips">
      <${Chip} name="Next notice" value=${due === undefined ? "–" : due <= 0 ? "due" : clock(due)}
        tone=${due <= 0 ? "bad" : due < 30 ? "warn" : ""} title="Until the host next says that it is an AI. Nobody can skip it." />
      <${Chip} name="Writer" value=${stats.writer_ready ? "ready" : stats.writer_enabled === false ? "off" : "warming up"} tone=${stats.writer_ready ? "true" : stats.writer_enabled === false ? "" : "warn"}
        title="The language model. While it warms up, answers come from grounded templates." />
      <${Chip} name="fps" value=${fps === null ? "–" : fps.toFixed(1)} tone=${fps !== null && fps < 24 ? "bad" : ""} />
      <${Chip} name="Late" value=${stats.late ?? 0} tone=${many(stats.late, stats) ? "warn" : ""} title="Frames that went out late" />
      <${Chip} name="Skipped" value=${stats.skipped ?? 0} tone=${many(stats.skipped, stats) ? "warn" : ""} title="Frames that never went out" />
      <${Chip} name="Viewers" value=${stats.viewers ?? 0} />
    </div>
    <button class="round" title="Keys (?)" aria-label="Keys" onClick=${onKeys}>?</button>
  </header>`
}

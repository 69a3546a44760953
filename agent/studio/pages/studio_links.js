// Where the show goes out to, and whose chats come in.

import { html } from "./vendor/htm-preact.js"

const TONES = { on_air: "true", up: "true", connecting: "", waiting: "bad", down: "bad", refused: "bad", silent: "warn", ended: "bad" }
const WORDS = { on_air: "on air", up: "connected", waiting: "lost, trying again", down: "lost, trying again", silent: "nobody writes", refused: "refused" }

const amount = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(0)} MB`)
const ago = (seconds) => (seconds === null || seconds === undefined ? "" : seconds < 90 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`)

function Link({ name, place, state, why, numbers }) {
  return html`<li class="link">
    <p class="head"><b>${name}</b> <small class="words">${place}</small><span class="grow"></span>
      <span class=${`badge ${TONES[state] ?? ""}`}>${WORDS[state] ?? state}</span></p>
    ${why && html`<p class="why words" role=${TONES[state] === "bad" ? "alert" : undefined}>${why}</p>`}
    <small>${numbers.filter(Boolean).join(" · ")}</small>
  </li>`
}

export function Links({ stats }) {
  const outputs = stats.outputs ?? []
  const feeds = stats.feeds ?? []
  if (!outputs.length && !feeds.length) return null
  return html`<section class="panel links">
    ${outputs.length > 0 && html`<h2>Goes out to</h2><ul>
      ${outputs.map((one) => html`<${Link} key=${one.name} name=${one.name} place=${one.place} state=${one.state} why=${one.state === "on_air" ? "" : one.error}
        numbers=${[amount(one.bytes), one.dropped && `${one.dropped} packets dropped`, one.reconnects && `${one.reconnects} × back again`]} />`)}</ul>`}
    ${feeds.length > 0 && html`<h2>Chats that come in</h2><ul>
      ${feeds.map((one) => html`<${Link} key=${one.platform + one.room} name=${one.platform} place=${one.room} state=${one.state} why=${one.why}
        numbers=${[`${one.counts.lines ?? 0} lines`, ago(one.last_s) && `last ${ago(one.last_s)}`, one.counts.twice && `${one.counts.twice} twice`, one.counts.removals && `${one.counts.removals} taken back`, one.counts.breaks && `${one.counts.breaks} breaks`]} />`)}</ul>`}
  </section>`
}

// What the run of show is at, and what comes next: beside the picture, whatever else is open.

import { html, useEffect, useState } from "./vendor/htm-preact.js"
import { call } from "./api.js"

export function Next({ state, onOpen }) {
  const [plan, setPlan] = useState(null)
  const [sorry, setSorry] = useState("")

  useEffect(() => {
    if (state.known) call("GET", "/plan").then(({ ok, data }) => ok && setPlan(data))
  }, [state.known])
  const at = { ...plan, ...state.plan }
  const segments = at.segments ?? []

  async function move(how) {
    const { ok, data } = await call("POST", `/plan/${how}`)
    setSorry(ok ? "" : data.error)
    if (ok) setPlan(data)
  }
  if (!plan) return null
  const now = segments[at.current]
  const next = segments[at.next]
  return html`<section class="panel next" aria-label="Run of show">
    <p><small>Now</small><b class="words">${now?.name ?? (segments.length ? "Over" : "No plan")}</b>
      ${at.paused ? html`<span class="badge warn">held</span>` : now && at.steps > 0 && html`<span class="badge">${Math.min(at.step + 1, at.steps)} of ${at.steps}</span>`}</p>
    <p class="then"><small>Next</small><b class="words">${next?.name ?? "–"}</b></p>
    ${sorry && html`<p class="why words" role="alert">${sorry}</p>`}
    <div class="moves">
      <button class="small" aria-pressed=${Boolean(at.paused)} onClick=${() => move(at.paused ? "resume" : "pause")}>${at.paused ? "Go on" : "Hold"}</button>
      <button class="small" disabled=${!segments.length || at.over} onClick=${() => move("skip")}>Skip</button>
      <button class="small" onClick=${onOpen}>Plan <kbd>P</kbd></button>
    </div>
  </section>`
}

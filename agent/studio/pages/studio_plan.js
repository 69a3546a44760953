// The run of show: what comes when, where it is, the hand on it, and its text.

import { html, useEffect, useState } from "./vendor/htm-preact.js"
import { call } from "./api.js"

export function Plan({ state, field }) {
  const [plan, setPlan] = useState(null)
  const [text, setText] = useState(null) // what is being edited; null: nothing is
  const [told, setTold] = useState(null)
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    call("GET", "/plan").then(({ ok, data }) => (ok ? setPlan(data) : setTold({ bad: true, text: data.error })))
  }, [])
  const now = { ...plan, ...state.plan }

  async function move(how) {
    setBusy(true)
    const { ok, data } = await call("POST", `/plan/${how}`)
    setBusy(false)
    if (ok) setPlan(data)
    setTold(ok ? null : { bad: true, text: data.error })
  }
  async function save(event) {
    event.preventDefault()
    setBusy(true)
    const { ok, data } = await call("PUT", "/plan", { text })
    setBusy(false)
    if (ok) {
      setPlan(data)
      setText(null)
    }
    setTold(ok ? { text: "Saved. The host goes on by it." } : { bad: true, text: data.error })
  }
  if (!plan) return html`<section class="panel planned work"><h2>Run of show</h2><p class="empty">${told?.text ?? "Reading the plan"}</p></section>`
  const segments = now.segments ?? []
  return html`<section class="panel planned work">
    <h2>Run of show <span class="grow"></span>
      ${now.paused && html`<span class="badge warn">paused</span>`}
      ${now.over && html`<span class="badge">over</span>`}
      ${segments.length > 0 && html`<span class="badge" title="How often it has begun again">round ${(now.round ?? 0) + 1}</span>`}</h2>
    <div class="moves">
      <button class="button" ref=${field} disabled=${busy || !segments.length} onClick=${() => move("back")}>Back</button>
      <button class=${now.paused ? "button warn on" : "button"} aria-pressed=${Boolean(now.paused)} disabled=${busy} onClick=${() => move(now.paused ? "resume" : "pause")}>${now.paused ? "Resume" : "Pause"}</button>
      <button class="button" disabled=${busy || !segments.length || now.over} onClick=${() => move("skip")}>Skip</button>
      <span class="grow"></span>
      <button class="button" onClick=${() => setText(text === null ? plan.text : null)}>${text === null ? "Edit" : "Leave as it was"}</button>
    </div>
    ${told && html`<p class=${told.bad ? "refusal words" : "hint"} role="alert">${told.text}</p>`}
    ${text === null
      ? html`<ol class="scroll grow segments">
          ${!segments.length && html`<li class="empty">There is no plan: the host says a word on the product on show now and then. Edit writes one.</li>`}
          ${segments.map((one, n) => html`<li key=${n} class=${n === now.current ? "on" : ""} aria-current=${n === now.current ? "step" : undefined}>
            <b>${one.name}</b><small>${one.kind}</small><span class="grow"></span>
            ${n === now.current && html`<span class="badge true">now</span>`}
            ${n === now.next && n !== now.current && html`<span class="badge blue">next</span>`}</li>`)}
        </ol>`
      : html`<form class="grow" onSubmit=${save}>
          <textarea aria-label="The plan" spellcheck="false" value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
          <p class="foot"><small>Kept in ${plan.file}. Every sentence is judged before it is saved.</small><span class="grow"></span>
            <button class="button main" disabled=${busy || !text.trim()}>Save</button></p>
        </form>`}
  </section>`
}

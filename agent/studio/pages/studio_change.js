// A change of the catalog: sent, and what came of it said; a slip of the hand is asked back.

import { html, useState } from "./vendor/htm-preact.js"
import { call } from "./api.js"
import { icons } from "./icons.js"

// Gives {change, notice}: change(method, path, body, done) is true once it is on the air; notice is
// what to show of the last one. onDone is called after each that was done.
export function useChange(onDone) {
  const [last, setLast] = useState(null)

  async function change(method, path, body, done) {
    const { ok, data } = await call(method, path, body)
    if (ok) setLast({ ok, text: `${done}. On the air, version ${data.version}.` })
    else setLast({ ok, text: data.error, again: data.sure ? () => change(method, path, { ...body, sure: true }, done) : null })
    if (ok || data.sure) onDone()
    return ok
  }
  const notice = last && html`<p class=${last.ok ? "outcome true" : "outcome bad"} role=${last.ok ? "status" : "alert"}>
    ${last.ok ? icons.check : icons.cross}<span class="grow words">${last.text}</span>
    ${last.again && html`<button class="small" onClick=${last.again}>Yes, it is meant</button>`}
    <button class="close" aria-label="Close" onClick=${() => setLast(null)}>${icons.cross}</button>
  </p>`
  return { change, notice }
}

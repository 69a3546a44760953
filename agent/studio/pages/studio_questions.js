// What viewers asked and the catalog did not know: answered here, the host says it from now on.

import { html, useEffect, useState } from "./vendor/htm-preact.js"
import { call } from "./api.js"
import { icons } from "./icons.js"

const EVERY_MS = 15_000

// The open questions, read again from time to time once the show is *known*: [questions, read].
export function useQuestions(known) {
  const [questions, setQuestions] = useState(null)
  async function read() {
    const { ok, data } = await call("GET", "/questions")
    if (ok) setQuestions(data.questions)
  }
  useEffect(() => {
    if (!known) return undefined
    read()
    const timer = setInterval(read, EVERY_MS)
    return () => clearInterval(timer)
  }, [known])
  return [questions, read]
}

const day = (iso) => new Date(iso).toLocaleString(undefined, { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" })

function Question({ question, products, onDone }) {
  const [text, setText] = useState("")
  const [language, setLanguage] = useState(question.language)
  const [whole, setWhole] = useState(false)
  const [error, setError] = useState(null)
  const [busy, setBusy] = useState(false)
  const title = products.find((card) => card.sku === question.sku)?.title ?? question.sku

  async function act(method, path, body, done) {
    setBusy(true)
    const { ok, data } = await call(method, path, body)
    setBusy(false)
    setError(ok ? null : data.error)
    if (ok) onDone(done)
  }
  const submit = (event) => {
    event.preventDefault()
    const body = { answer: text.trim(), language, sku: whole ? "" : question.sku }
    if (body.answer) act("POST", `/questions/${question.id}/answer`, body, `The host now knows: “${question.text}”`)
  }
  return html`<li class="turn">
    <p class="head"><span class="badge blue" title=${`First asked ${day(question.first_at)}`}>×${question.asked}</span>
      ${question.language !== "en" && html`<span class="badge">${question.language}</span>`}
      <b>${question.sku ? title : "The shop"}</b><span class="grow"></span><small>last ${day(question.last_at)}</small>
      <button class="close" title="Dismiss: it wants no answer" aria-label="Dismiss" disabled=${busy} onClick=${() => act("DELETE", `/questions/${question.id}`, undefined, "Dismissed")}>${icons.cross}</button></p>
    <p class="question words">${question.text}</p>
    <form onSubmit=${submit}>
      <div class="field"><input name="answer" value=${text} onInput=${(event) => setText(event.target.value)} maxlength="300" autocomplete="off" placeholder="The answer, as the host is to say it" aria-label=${`Answer to ${question.text}`} />
        <select aria-label="Language" value=${language} onChange=${(event) => setLanguage(event.target.value)}><option value="en">EN</option><option value="fr">FR</option><option value="zh">中文</option></select>
        <button class="round main" aria-label="Give this answer" disabled=${busy || !text.trim()}>${icons.send}</button></div>
      ${question.sku && text && html`<label class="hint"><input type="checkbox" checked=${whole} onChange=${(event) => setWhole(event.target.checked)} /> true of the whole shop, not only of this product</label>`}
    </form>
    ${error && html`<p class="refusal words" role="alert">${error}</p>`}
  </li>`
}

export function Questions({ state, questions, read }) {
  const [done, setDone] = useState(null)
  const finished = (text) => {
    setDone(text)
    read()
  }
  return html`<section class="work panel questions">
    <h2>Unanswered <span class="grow"></span><small>asked on the air, and not in the catalog</small></h2>
    ${done && html`<p class="outcome true" role="status">${icons.check}<span class="grow words">${done}</span><button class="close" aria-label="Close" onClick=${() => setDone(null)}>${icons.cross}</button></p>`}
    <ol class="turns scroll grow">
      ${questions?.length === 0 && html`<li class="empty">Nothing is open. When the host has to say that it does not know, the question comes here, with how often it was asked.</li>`}
      ${(questions ?? []).map((one) => html`<${Question} key=${one.id} question=${one} products=${state.products} onDone=${finished} />`)}
    </ol>
  </section>`
}

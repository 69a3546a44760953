// Whom and what the show takes no more of.

import { html, useState } from "./vendor/htm-preact.js"

export function Blocked({ blocked, act }) {
  const [word, setWord] = useState("")
  const submit = (event) => {
    event.preventDefault()
    if (!word.trim()) return
    act.block({ word: word.trim() }, true)
    setWord("")
  }
  const { viewers, words } = blocked
  return html`<details class="blocked">
    <summary>Blocked: <b>${viewers.length}</b> ${viewers.length === 1 ? "viewer" : "viewers"}, <b>${words.length}</b> ${words.length === 1 ? "word" : "words"}</summary>
    <ul>
      ${viewers.map((one) => html`<li key=${one.id}><span class="grow words">${one.name}</span>
        <button class="quiet" onClick=${() => act.block({ line: one.id }, false)}>Let back</button></li>`)}
      ${words.map((one) => html`<li key=${`w ${one}`}><span class="grow words">“${one}”</span>
        <button class="quiet" onClick=${() => act.block({ word: one }, false)}>Allow</button></li>`)}
    </ul>
    <form class="field" onSubmit=${submit}>
      <input name="block" value=${word} onInput=${(event) => setWord(event.target.value)} maxlength="80" autocomplete="off" placeholder="A word to block" aria-label="A word to block" />
      <button class="small" disabled=${!word.trim()}>Block</button>
    </form>
  </details>`
}

// What was said, why it was true, and what was not let through.

import { html, useState } from "./vendor/htm-preact.js"
import { useFollow } from "./follow.js"
import { icons } from "./icons.js"

const RUNGS = {
  fact: ["fact", "true"], model: ["writer", "blue"], template: ["template", ""], prepared: ["prepared", "warn"],
  caption: ["caption only", "warn"], operator: ["operator", "blue"], notice: ["AI notice", "warn"],
}

function Evidence({ evidence, facts }) {
  return html`<span class="evidence">
    ${evidence.map(({ fact, version }) => {
      const known = facts.find((one) => one.id === fact && one.version === version)
      return html`<span key=${fact} class="proof" title=${`Fact ${fact}, version ${version}`}>
        <code>${fact}</code><i>v${version}</i>${known && html`<b>${known.text}</b>`}</span>`
    })}
  </span>`
}

function Item({ item, turn }) {
  if (item.kind === "refused") {
    return html`<li class="item refused">
      <span class="mark" title="Not let through">${icons.cross}</span>
      <div class="grow"><p class="words"><s>${item.text}</s></p>
        <p class="why"><span class="badge bad">${item.rule}</span> ${item.reason}</p></div>
    </li>`
  }
  if (item.kind === "withdrawn") {
    return html`<li class="item withdrawn">
      <span class="mark">${icons.back}</span>
      <div class="grow"><p class="words"><s>${item.text}</s></p>
        <p class="why"><span class="badge warn">withdrawn</span> <code>${item.fact}</code> changed before it could air</p></div>
    </li>`
  }
  const [name, tone] = RUNGS[item.rung] ?? [item.rung, ""]
  return html`<li class="item said">
    <span class="mark" title="Vetted, and aired">${icons.check}</span>
    <div class="grow">
      <p class="words" title=${item.spoken ? `Spoken: ${item.spoken}` : ""}>${item.text}</p>
      <p class="why"><span class=${`badge ${tone}`}>${name}</span> <${Evidence} evidence=${item.evidence ?? []} facts=${turn.facts} /></p>
    </div>
  </li>`
}

function Turn({ turn, now }) {
  const first = turn.times?.first_frame ?? turn.times?.first_audio
  const title = turn.notice ? "AI notice" : turn.operator ? "Operator" : turn.author || "The show itself"
  return html`<li class=${now ? "turn now" : "turn"}>
    <p class="head">
      <b>${title}</b>
      ${turn.language && html`<span class="badge">${turn.language}</span>`}
      <span class="grow"></span>
      ${now && html`<span class="badge blue">answering</span>`}
      ${first !== undefined && html`<span class="badge" title="From the message's arrival to the first picture with sound">${first.toFixed(2)} s</span>`}
    </p>
    ${turn.question && html`<p class="question words">${turn.question}</p>`}
    <ol>${turn.items.map((item, n) => html`<${Item} key=${n} item=${item} turn=${turn} />`)}</ol>
  </li>`
}

function Say({ state, act, field }) {
  const [text, setText] = useState("")
  const [language, setLanguage] = useState("en")
  const [seen, setSeen] = useState(null)
  const refused = state.operator?.refused
  const alert = state.alert?.id === seen ? null : state.alert
  const submit = (event) => {
    event.preventDefault()
    if (!text.trim()) return
    act.say(text.trim(), language)
    setText("")
  }
  return html`<form class="say" onSubmit=${submit}>
    ${alert && html`<p class="why words" role="alert"><span class="badge bad">${alert.why}</span> ${alert.author} may need help: “${alert.text}”
      <button type="button" class="quiet" onClick=${() => setSeen(alert.id)}>Seen</button></p>`}
    ${refused && html`<p class="why words" role="alert"><span class="badge bad">${refused.rule}</span> “${refused.text}” was not said: ${refused.reason}</p>`}
    <div class="field">
      <input ref=${field} name="say" value=${text} onInput=${(event) => setText(event.target.value)} maxlength="500" autocomplete="off"
        placeholder="Say this: the gate checks your words too" aria-label="Say this" />
      <select aria-label="Language" value=${language} onChange=${(event) => setLanguage(event.target.value)}>
        <option value="en">EN</option><option value="fr">FR</option><option value="zh">中文</option>
      </select>
      <button class="round main" aria-label="Say this" title="Say this" disabled=${!text.trim()}>${icons.send}</button>
    </div>
  </form>`
}

export function Transcript({ state, act, field }) {
  const { ref, onScroll } = useFollow(state.turns)
  return html`<section class="panel transcript">
    <h2>Said on air</h2>
    <ol class="turns scroll grow" ref=${ref} onScroll=${onScroll}>
      ${!state.turns.length && html`<li class="empty">Each sentence stands here as it airs, with the facts that it rests on.</li>`}
      ${state.turns.map((turn) => html`<${Turn} key=${`${turn.id}-${turn.at}`} turn=${turn} now=${turn.id !== null && turn.id === state.now} />`)}
    </ol>
    <${Say} state=${state} act=${act} field=${field} />
  </section>`
}

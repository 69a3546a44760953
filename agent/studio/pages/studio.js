// The operator's page.

import { html, render, useEffect, useReducer, useRef, useState } from "./vendor/htm-preact.js"
import { Air } from "./studio_air.js"
import { Catalog } from "./studio_catalog.js"
import { Questions, useQuestions } from "./studio_questions.js"
import { Links } from "./studio_links.js"
import { Chat, Health, Products } from "./studio_side.js"
import { Top } from "./studio_top.js"
import { Transcript } from "./studio_said.js"
import { happened, NOTHING } from "./show.js"
import { connect } from "./socket.js"
import { Plan } from "./studio_plan.js"

const TABS = [["said", "Said"], ["chat", "Chat"], ["products", "Products"], ["health", "Health"], ["plan", "Plan"], ["catalog", "Catalog"], ["questions", "Questions"]]
const KEYS = [["S", "stop talking"], ["T", "take over / give back"], ["/", "say this"], ["M", "sound on / off"], ["1–9", "show product"], ["C", "catalog"], ["Q", "open questions"], ["P", "run of show"], ["Esc", "leave a field"], ["?", "these keys"]]

function Login({ wrong, onToken }) {
  const [token, setToken] = useState("")
  const submit = (event) => {
    event.preventDefault()
    onToken(token.trim())
  }
  return html`<main class="login">
    <form onSubmit=${submit}>
      <p class="logo">Candor studio</p>
      <p>${wrong ? "That token is not this show's." : "Paste the token that the show was started with. Where none was set, the show prints a link with one when it starts."}</p>
      <div class="field"><input type="password" value=${token} onInput=${(event) => setToken(event.target.value)} placeholder="Token" aria-label="Token" autocomplete="off" autofocus /></div>
      <button class="button main" disabled=${!token.trim()}>Open the studio</button>
    </form>
  </main>`
}

function Keys({ onClose }) {
  return html`<div class="sheet" onClick=${onClose}><dl>
    ${KEYS.map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}
  </dl></div>`
}

// Before the next key, so that nobody's first letters are taken for shortcuts: a change of state is
// drawn in a microtask, and this one comes after it.
const focusOn = (field) => queueMicrotask(() => field.current?.focus())

function Desk({ token, onRefused }) {
  const [state, tell] = useReducer(happened, NOTHING)
  const [link, setLink] = useState("connecting")
  const [toast, setToast] = useState(null)
  const [tab, setTab] = useState("said")
  const [keys, setKeys] = useState(false)
  const socket = useRef(null)
  const latest = useRef(state)
  const say = useRef(null)
  const video = useRef(null)
  const find = useRef(null)
  const [questions, readQuestions] = useQuestions(state.known)
  const open = questions?.length ?? 0
  latest.current = state

  useEffect(() => {
    socket.current = connect("/studio/socket", {
      first: JSON.stringify({ token }),
      onMessage(data) {
        for (const event of JSON.parse(data).events) {
          if (event.kind === "sorry") setToast({ bad: true, text: event.reason })
          tell(event)
        }
      },
      onState(next) {
        if (next === "refused") onRefused()
        setLink(next)
      },
    })
    return () => socket.current.close()
  }, [token])

  function send(command) {
    if (!socket.current.send(JSON.stringify(command))) setToast({ bad: true, text: "Not connected to the show." })
  }
  const act = {
    stop: () => send({ do: "stop" }),
    takeOver: () => send({ do: "take_over", on: !latest.current.takenOver }),
    say: (text, language) => send({ do: "say", text, language }),
    pin: (sku) => send({ do: "pin", sku }),
    block: (what, on) => send({ do: "block", on, ...what }),
  }

  useEffect(() => {
    function onKey(event) {
      const typing = event.target.closest?.("input, textarea, select")
      if (event.key === "Escape") {
        setKeys(false)
        return event.target.blur?.()
      }
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined
      const key = event.key.toLowerCase()
      if (key === "s") act.stop()
      else if (key === "t") act.takeOver()
      else if (key === "m" && video.current) video.current.muted = !video.current.muted
      else if (key === "?") setKeys((on) => !on)
      else if (key === "c" || key === "q" || key === "p") {
        const view = { c: "catalog", q: "questions", p: "plan" }[key]
        event.preventDefault()
        setTab((now) => (now === view ? "said" : view))
        focusOn(find)
      }
      else if (key === "/") {
        event.preventDefault()
        setTab("said")
        focusOn(say)
      } else if (/^[1-9]$/.test(key)) {
        const card = latest.current.products.find((one) => one.number === Number(key))
        if (card) act.pin(card.sku)
      }
      return undefined
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [])

  useEffect(() => {
    if (!toast) return undefined
    const timer = setTimeout(() => setToast(null), 6000)
    return () => clearTimeout(timer)
  }, [toast])

  return html`<main class="studio" data-tab=${tab}>
    <${Top} state=${state} link=${link} tab=${tab} open=${open} onTab=${setTab} onKeys=${() => setKeys(true)} />
    <${Air} state=${state} act=${act} video=${video} onPlan=${() => setTab("plan")} />
    <nav>${TABS.map(([name, label]) => html`<button key=${name} aria-pressed=${tab === name} onClick=${() => setTab(name)}>${label}${name === "questions" && open > 0 && html`<span class="count">${open}</span>`}</button>`)}</nav>
    <${Transcript} state=${state} act=${act} field=${say} />
    <${Chat} state=${state} act=${act} />
    <div class="side scroll">
      <${Products} state=${state} act=${act} />
      <${Links} stats=${state.stats} />
      <${Health} state=${state} />
    </div>
    ${tab === "plan" && html`<${Plan} state=${state} field=${find} />`}
    ${tab === "catalog" && html`<${Catalog} state=${state} field=${find} />`}
    ${tab === "questions" && html`<${Questions} state=${state} questions=${questions} read=${readQuestions} />`}
    ${toast && html`<p class="toast" role="alert" onClick=${() => setToast(null)}>${toast.text}</p>`}
    ${keys && html`<${Keys} onClose=${() => setKeys(false)} />`}
  </main>`
}

function Page() {
  const [token, setToken] = useState(stored)
  const [wrong, setWrong] = useState(false)
  if (!token) {
    return html`<${Login} wrong=${wrong} onToken=${(next) => {
      sessionStorage.setItem("token", next)
      setToken(next)
    }} />`
  }
  return html`<${Desk} token=${token} onRefused=${() => {
    sessionStorage.removeItem("token")
    setWrong(true)
    setToken("")
  }} />`
}

// The token comes behind "#", which is never sent to a server, and does not stay in the address.
function stored() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token")
  if (given) {
    sessionStorage.setItem("token", given)
    history.replaceState(null, "", location.pathname)
  }
  return given ?? sessionStorage.getItem("token") ?? ""
}

render(html`<${Page} />`, document.getElementById("page"))

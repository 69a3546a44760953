// The page for viewers: the show, the chat, the products.

import { html, render, useEffect, useReducer, useRef, useState } from "./vendor/htm-preact.js"
import { useFollow } from "./follow.js"
import { icons } from "./icons.js"
import { canRecord, LONGEST_S, record } from "./microphone.js"
import { play, startWithSound } from "./player.js"
import { withCards } from "./show.js"
import { connect } from "./socket.js"
import { keep, kept } from "./kept.js"
import { LANGUAGES, preferred, words } from "./words.js"

const MOST = 120
const NOTHING = { shop: "", host: "", card: null, products: [], chat: [], fates: {}, now: null, voice: false }

// --- what has happened --------------------------------------------------------------------------

function happened(state, event) {
  switch (event.kind) {
    case "state":
      return {
        ...NOTHING,
        shop: event.shop,
        host: event.host,
        language: event.language,
        card: event.card,
        products: event.products ?? [],
        voice: event.voice_messages !== false,
        chat: past(event),
      }
    case "taken":
    case "asked":
      if (state.chat.some((line) => line.ask && line.id === event.id)) return state
      return { ...state, chat: [...state.chat, asked(event)].slice(-MOST) }
    case "fate":
      return { ...state, fates: { ...state.fates, [event.id]: event } }
    case "picked":
      return { ...state, now: event.id }
    case "answered":
      return { ...state, now: state.now === event.id ? null : state.now, fates: ended(state.fates, event.id) }
    case "said":
      return { ...state, chat: said(state.chat, event).slice(-MOST) }
    case "pinned":
      return { ...state, card: event.card }
    case "cards":
      return { ...state, ...withCards(state, event) }
    default:
      return state
  }
}

// What has become of this viewer's lines that were answered with the line *id*.
const ended = (fates, id) => Object.fromEntries(Object.entries(fates).map(([line, fate]) =>
  [line, fate.into === id ? { ...fate, what: "answered" } : fate]))

const asked = (event) => ({ ask: true, id: event.id, author: event.author ?? event.name, text: event.text, voice: event.source === "voice" })

// The host's sentences of one answer stand together.
function said(chat, event) {
  const last = chat.at(-1)
  const sentence = { text: event.text, frame: event.frame }
  const notice = event.rung === "notice"
  if (last && !last.ask && last.id === event.id && last.notice === notice) {
    if (last.sentences.some((one) => one.frame === event.frame && one.text === event.text)) return chat
    return [...chat.slice(0, -1), { ...last, sentences: [...last.sentences, sentence] }]
  }
  const to = event.id && chat.find((line) => line.ask && line.id === event.id)
  return [...chat, { ask: false, id: event.id, to, notice, sentences: [sentence] }]
}

function past(event) {
  const lines = (event.chat ?? []).map(asked)
  return (event.said ?? []).reduce(said, lines).slice(-MOST)
}

// --- parts --------------------------------------------------------------------------------------

function Stage({ t }) {
  const video = useRef()
  const [air, setAir] = useState({ state: "connecting", behind_ms: 0 })
  const [muted, setMuted] = useState(true)

  useEffect(() => {
    const player = play(video.current, (next) =>
      setAir((last) => (last.state === next.state ? last : next)))
    startWithSound(video.current).then((loud) => setMuted(!loud))
    return () => player.close()
  }, [])

  function toggle() {
    video.current.muted = !video.current.muted
    setMuted(video.current.muted)
    video.current.play().catch(() => {})
  }

  const live = air.state === "live"
  return html`<section class="stage" aria-label=${t.ai}>
    <video ref=${video} playsinline muted onClick=${muted ? toggle : undefined}></video>
    ${!live && html`<div class="veil"><span class="live wait">${t[air.state]}</span></div>`}
    ${live && muted && html`<button class="tap" onClick=${toggle}>${icons.muted} ${t.tap}</button>`}
    ${live && !muted && html`<button class="sound" title=${t.mute} aria-label=${t.mute} onClick=${toggle}>${icons.sound}</button>`}
  </section>`
}

// A bare count gets its words.
const inStock = (text, t) => (/^\d+$/.test(text) ? t.stock(Number(text)) : text)

function Price({ card, t }) {
  return html`<p class="price">
    <strong>${card.price}</strong>
    ${card.list_price && html`<s>${card.list_price}</s>`}
    ${card.offer_ends && html`<span class="badge warn">${t.until(card.offer_ends)}</span>`}
  </p>`
}

function Product({ card, t, large, onAsk }) {
  return html`<article class=${large ? "product large" : "product"}>
    <div class="shot">${card.image_url && html`<img src=${card.image_url} alt="" loading="lazy" />`}</div>
    <div class="grow">
      <p class="top"><span class="badge">${t.link(card.number)}</span>${large && html`<span class="badge true">${t.on_show}</span>`}</p>
      <h3 class="words">${card.title}</h3>
      <${Price} card=${card} t=${t} />
      ${card.stock && html`<p class="stock">${inStock(card.stock, t)}</p>`}
    </div>
    ${onAsk && html`<button class="cover" aria-label=${card.title} onClick=${() => onAsk(card)}></button>`}
  </article>`
}

function Products({ state, t, onAsk }) {
  return html`<section class="products scroll">
    ${state.card && html`<${Product} card=${state.card} t=${t} large />`}
    ${state.products.filter((card) => card.sku !== state.card?.sku).map((card) =>
      html`<${Product} key=${card.sku} card=${card} t=${t} onAsk=${onAsk} />`)}
  </section>`
}

const hue = (name) => [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7)

// What becomes of a viewer's own line, at once and as it changes.
function Fate({ line, state, t }) {
  const fate = state.fates[line.id]
  const answering = state.now !== null && (state.now === line.id || state.now === fate?.into)
  const what = answering ? "picked" : fate?.what ?? "taken"
  const text = what === "dropped" ? t.dropped[fate.reason] ?? t.dropped.other : t.fates[what]
  return html`<p class=${`fate ${what}`} role="status">${text}${fate?.others > 0 && html` <b>${t.together(fate.others)}</b>`}</p>`
}

function Line({ line, state, mine, t }) {
  if (line.ask) {
    return html`<li class="ask">
      <p><b style=${{ color: `hsl(${hue(line.author)} 70% 74%)` }}>${line.author}</b>
      ${mine.has(line.id) && html` <span class="badge">${t.you}</span>`}
      ${line.voice && html` <span class="badge">${t.voice}</span>`}
      ${state.now === line.id && html` <span class="badge blue">${t.answering}</span>`}</p>
      <p class="words">${line.text}</p>
      ${mine.has(line.id) && html`<${Fate} line=${line} state=${state} t=${t} />`}
    </li>`
  }
  return html`<li class=${line.notice ? "host notice" : "host"}>
    <p><b>${state.host}</b> <span class="badge true">AI</span>
      ${line.to && html` <span class="to words">${line.to.author && `${line.to.author}: `}${line.to.text}</span>`}</p>
    <p class="words">${line.sentences.map((one) => one.text).join(" ")}</p>
  </li>`
}

function Chat({ state, mine, t }) {
  const { ref, onScroll } = useFollow(state.chat)
  return html`<ol class="chat scroll grow" ref=${ref} onScroll=${onScroll} aria-live="polite">
    ${!state.chat.length && html`<li class="empty">${t.empty}</li>`}
    ${state.chat.map((line, n) => html`<${Line} key=${n} line=${line} state=${state} mine=${mine} t=${t} />`)}
  </ol>`
}

function Composer({ socket, note, setNote, voice, draft, setDraft, t }) {
  const [name, setName] = useState(kept("name"))
  const [recording, setRecording] = useState(null)
  const [left, setLeft] = useState(LONGEST_S)
  const field = useRef()

  useEffect(() => { if (draft) field.current.focus() }, [draft])
  useEffect(() => {
    if (!recording) return undefined
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000)
    return () => clearInterval(timer)
  }, [recording])

  function submit(event) {
    event.preventDefault()
    const text = draft.trim()
    if (!text) return
    if (socket.current.send(JSON.stringify({ do: "ask", text, name }))) {
      setDraft("")
      setNote(null)
    } else setNote({ bad: true, text: t.offline })
  }

  async function speak() {
    try {
      const take = await record()
      setLeft(LONGEST_S)
      setRecording(take)
      setNote(null)
      const blob = await take.done
      setRecording(null)
      if (!blob) return
      socket.current.send(JSON.stringify({ do: "hello", name }))
      if (socket.current.send(await blob.arrayBuffer())) setNote({ text: t.understanding })
      else setNote({ bad: true, text: t.offline })
    } catch {
      setRecording(null)
      setNote({ bad: true, text: t.no_microphone })
    }
  }

  function rename(event) {
    setName(event.target.value)
    keep("name", event.target.value)
  }

  return html`<form class="composer" onSubmit=${submit}>
    ${note && html`<p class=${note.bad ? "note bad" : "note"} role="status">${note.text}</p>`}
    ${recording
      ? html`<div class="field recording">
          <span class="dot"></span><span class="grow">${t.speaking} <b>${left}</b></span>
          <button type="button" class="round" title=${t.cancel} aria-label=${t.cancel} onClick=${recording.cancel}>${icons.cross}</button>
          <button type="button" class="round main" title=${t.send} aria-label=${t.send} onClick=${recording.stop}>${icons.send}</button>
        </div>`
      : html`<div class="field">
          <input class="name" value=${name} onInput=${rename} maxlength="24" placeholder=${t.name} aria-label=${t.name} />
          <input ref=${field} name="question" value=${draft} onInput=${(event) => setDraft(event.target.value)}
            maxlength="500" placeholder=${t.ask} aria-label=${t.ask} autocomplete="off" enterkeyhint="send" />
          ${voice && canRecord() && html`<button type="button" class="round" title=${t.speak} aria-label=${t.speak} onClick=${speak}>${icons.microphone}</button>`}
          <button class="round main" title=${t.send} aria-label=${t.send} disabled=${!draft.trim()}>${icons.send}</button>
        </div>`}
  </form>`
}

// --- the page -----------------------------------------------------------------------------------

function Page() {
  const [state, tell] = useReducer(happened, NOTHING)
  const [language, setLanguage] = useState(preferred())
  const [note, setNote] = useState(null)
  const [draft, setDraft] = useState("")
  const [open, setOpen] = useState(false)
  const [mine] = useState(new Set())
  const socket = useRef(null)
  const t = words(language)
  const texts = useRef(t)
  texts.current = t

  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  useEffect(() => {
    socket.current = connect("/room", {
      onMessage(data) {
        for (const event of JSON.parse(data).events) {
          if (event.kind === "taken") mine.add(event.id)
          if (event.kind === "sorry") setNote({ bad: true, text: event.reason })
          if (event.kind === "heard") setNote({ text: texts.current.heard(event.text) })
          tell(event)
        }
      },
      onState: (next) => setOpen(next === "open"),
    })
    return () => socket.current.close()
  }, [])

  const askAbout = (card) => setDraft(`${t.link(card.number)}: `)
  return html`<main class="watch">
    <${Stage} t=${t} />
    <aside>
      <header>
        <h1 class="words grow">${state.shop || "Candor"}</h1>
        <span class=${open ? "live" : "live wait"}>${open ? t.live : t.connecting}</span>
        <select aria-label="Language" value=${language} onChange=${(event) => setLanguage(event.target.value)}>
          ${LANGUAGES.map(([code, label]) => html`<option value=${code}>${label}</option>`)}
        </select>
      </header>
      ${state.shop && html`<p class="who"><b>${t.ai}</b> ${t.speaks_for(state.host, state.shop)}</p>`}
      <${Products} state=${state} t=${t} onAsk=${askAbout} />
      <${Chat} state=${state} mine=${mine} t=${t} />
      <${Composer} socket=${socket} note=${note} setNote=${setNote} voice=${state.voice} draft=${draft} setDraft=${setDraft} t=${t} />
    </aside>
  </main>`
}

render(html`<${Page} />`, document.getElementById("page"))

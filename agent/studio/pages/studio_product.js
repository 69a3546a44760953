// One product: each fact with its version and source; price, stock and offers to be changed.

import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js"
import { at, call } from "./api.js"
import { icons } from "./icons.js"
import { useChange } from "./studio_change.js"

const SHORT = { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" }
const when = (iso) => (iso ? new Date(iso).toLocaleString(undefined, SHORT) : "")
const decimal = (text) => text.trim().replace(/^(\d+),(\d{1,2})$/, "$1.$2")

// A value that is sent when one leaves the field or presses Enter.
function Cell({ label, value, placeholder, onSend, mode }) {
  const [text, setText] = useState(value)
  const [busy, setBusy] = useState(false)
  const sent = useRef(value)
  useEffect(() => {
    setText(value)
    sent.current = value
  }, [value])
  async function send() {
    if (text.trim() === sent.current || busy) return
    setBusy(true)
    sent.current = text.trim()
    if (!(await onSend(text.trim()))) sent.current = value
    setBusy(false)
  }
  const onKey = (event) => {
    if (event.key === "Enter") send()
    if (event.key === "Escape") setText(value)
  }
  return html`<input class=${text === value ? "cell" : "cell dirty"} aria-label=${label} title=${label} value=${text} placeholder=${placeholder}
    inputmode=${mode} maxlength="20" autocomplete="off" disabled=${busy} onInput=${(event) => setText(event.target.value)} onKeyDown=${onKey} onBlur=${send} />`
}

function Variants({ variants, change }) {
  return html`<table class="grid"><thead><tr><th>Variant</th><th>Regular price</th><th>In stock</th></tr></thead><tbody>
    ${variants.map((one) => html`<tr key=${one.id}>
      <th><b>${[one.colour, one.size].filter(Boolean).join(", ") || "the only one"}</b><code>${one.id}</code></th>
      <td><${Cell} label=${`Price of ${one.id}`} value=${one.price ?? ""} placeholder="none" mode="decimal"
        onSend=${(text) => change("PUT", at(one.id, "price"), { amount: decimal(text) }, `${one.id} now costs ${decimal(text)} ${one.currency ?? ""}`)} /></td>
      <td><${Cell} label=${`Stock of ${one.id}`} value=${one.stock === null ? "" : String(one.stock)} placeholder="not counted" mode="numeric"
        onSend=${(text) => change("PUT", at(one.id, "stock"), { quantity: text === "" ? null : Number(text) }, `${one.id}: ${text === "" ? "not counted" : `${text} in stock`}`)} /></td>
    </tr>`)}
  </tbody></table>`
}

function Offers({ sku, offers, change }) {
  const [amount, setAmount] = useState("")
  const [until, setUntil] = useState("")
  const now = Date.now()
  const open = offers.filter((one) => !one.until || Date.parse(one.until) > now)
  const named = Map.groupBy ? Map.groupBy(open, (one) => one.name) : grouped(open)
  async function begin(event) {
    event.preventDefault()
    const body = { amount: decimal(amount) }
    if (until) body.until = new Date(until).toISOString()
    if (await change("PUT", at(sku, "offers", "studio"), body, "The offer is on the air")) {
      setAmount("")
      setUntil("")
    }
  }
  return html`
    ${[...named].map(([name, all]) => html`<p class="offer" key=${name}>
      <span class="badge warn">offer</span> <b>${[...new Set(all.map((one) => one.amount))].join(" / ")} ${all[0].currency}</b>
      <span class="grow">${all[0].from && Date.parse(all[0].from) > now ? `from ${when(all[0].from)} ` : ""}${all[0].until ? `until ${when(all[0].until)}` : "until it is ended"} <small>${name}</small></span>
      <button class="small" onClick=${() => change("DELETE", at(sku, "offers", name), undefined, "The offer is over")}>End now</button>
    </p>`)}
    <form class="offer" onSubmit=${begin}>
      <input class="cell" aria-label="Offer price" placeholder="Offer price" inputmode="decimal" maxlength="20" autocomplete="off" value=${amount} onInput=${(event) => setAmount(event.target.value)} />
      <label>until <input class="cell" type="datetime-local" aria-label="Offer ends" value=${until} onInput=${(event) => setUntil(event.target.value)} /></label>
      <button class="small" disabled=${!amount.trim()}>Start offer</button>
    </form>`
}

function grouped(offers) {
  const named = new Map()
  for (const one of offers) named.set(one.name, [...(named.get(one.name) ?? []), one])
  return named
}

function Facts({ facts }) {
  return html`<table class="facts"><tbody>
    ${facts.map((fact) => html`<tr key=${fact.id}>
      <th title=${fact.id}>${fact.field.replaceAll("_", " ")}${fact.value.language && fact.value.language !== "en" ? html` <span class="badge">${fact.value.language}</span>` : ""}</th>
      <td class="words">${fact.text}${fact.valid_until ? html` <small>until ${when(fact.valid_until)}</small>` : ""}</td>
      <td class="source" title=${`Version ${fact.version}, from ${fact.source}`}><i>v${fact.version}</i> ${fact.source}</td>
    </tr>`)}
  </tbody></table>`
}

function History({ sku }) {
  const [rows, setRows] = useState(null)
  useEffect(() => {
    call("GET", at(sku, "history")).then(({ ok, data }) => setRows(ok ? data.history.reverse() : []))
  }, [sku])
  if (!rows) return html`<p class="empty">Reading…</p>`
  return html`<ol class="history">
    ${rows.slice(0, 200).map((row) => html`<li key=${row.version}><i>v${row.version}</i>
      <span class="grow words"><b>${row.key}</b> ${row.withdrawn ? html`<span class="badge bad">withdrawn</span>` : Object.entries(row.content).filter(([, value]) => value !== null && value !== "").map(([name, value]) => `${name} ${value}`).join(", ")}</span>
      <small>${when(row.at)} · ${row.source}</small></li>`)}
  </ol>`
}

export function Product({ sku, turned, onBack, onGone }) {
  const [known, setKnown] = useState(null)
  const [past, setPast] = useState(false)
  const [sure, setSure] = useState(false)
  const { change, notice } = useChange(read)

  async function read() {
    const { ok, data } = await call("GET", at(sku))
    if (ok) setKnown(data)
    else onGone()
  }
  useEffect(() => { read() }, [sku])
  useEffect(() => {
    if (turned?.cards.some((card) => card.sku === sku)) read()
    if (turned?.gone.includes(sku)) onGone()
  }, [turned])

  if (!known) return html`<p class="empty">Reading…</p>`
  const { card } = known
  async function withdraw() {
    if (!sure) return setSure(true)
    if (await change("DELETE", at(sku), undefined, "Withdrawn")) onGone()
    return undefined
  }
  return html`<div class="product-head">
      <button class="round back" aria-label="Back to the list" onClick=${onBack}>${icons.left}</button>
      ${card?.image_url && html`<img src=${card.image_url} alt="" />`}
      <div class="grow"><h3 class="words">${card?.title}</h3>
        <p><span class="badge">No. ${card?.number}</span> <code>${sku}</code> ${known.category}</p></div>
      <p class="price"><strong>${card?.price ?? "no price"}</strong>${card?.list_price && html`<s>${card.list_price}</s>`}</p>
    </div>
    ${notice}
    <div class="scroll grow body">
      <${Variants} variants=${known.variants} change=${change} />
      <h2>Offers</h2>
      <${Offers} sku=${sku} offers=${known.offers} change=${change} />
      <h2><button class="tab" aria-pressed=${!past} onClick=${() => setPast(false)}>Facts now</button>
        <button class="tab" aria-pressed=${past} onClick=${() => setPast(true)}>History</button>
        <span class="grow"></span><small>${past ? "nothing is overwritten" : `${known.facts.length} facts, catalog v${known.version}`}</small></h2>
      ${past ? html`<${History} sku=${sku} />` : html`<${Facts} facts=${known.facts} />`}
      <p class="end"><button class=${sure ? "small bad" : "small"} onBlur=${() => setSure(false)} onClick=${withdraw}>${sure ? "Yes, take it off the show" : "Withdraw this product"}</button></p>
    </div>`
}

// The shop's catalog: find a product, see what is known of it, load a file.

import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js"
import { call } from "./api.js"
import { icons } from "./icons.js"
import { Product } from "./studio_product.js"
import { Upload } from "./studio_upload.js"

const PAUSE_MS = 180

export const stockText = (text) => (/^\d+$/.test(text) ? `${text} left` : text)

function Row({ card, chosen, onChoose }) {
  return html`<li><button class=${chosen ? "ware on" : "ware"} aria-pressed=${chosen} onClick=${() => onChoose(card.sku)}>
    ${card.image_url ? html`<img src=${card.image_url} alt="" loading="lazy" />` : html`<i></i>`}
    <span class="grow"><span class="title">${card.title}</span>
      <small>No. ${card.number} · ${card.price ?? "no price"}${card.stock ? ` · ${stockText(card.stock)}` : ""}</small></span>
    ${icons.chevron}
  </button></li>`
}

export function Catalog({ state, field }) {
  const [words, setWords] = useState("")
  const [found, setFound] = useState(null)
  const [error, setError] = useState(null)
  const [sku, setSku] = useState(null)
  const asked = useRef(0)

  // Each look has a number, so that a slow answer never stands over a newer one.
  async function look() {
    const mine = ++asked.current
    const { ok, data } = await call("GET", `/catalog?limit=60&q=${encodeURIComponent(words)}`)
    if (mine !== asked.current) return
    setError(ok ? null : data.error)
    if (ok) setFound(data.products)
  }
  useEffect(() => {
    const timer = setTimeout(look, found === null ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [words])
  useEffect(() => {
    if (!found || !state.turned) return
    const fresh = new Map(state.turned.cards.map((card) => [card.sku, card]))
    setFound(found.filter((card) => !state.turned.gone.includes(card.sku)).map((card) => fresh.get(card.sku) ?? card))
  }, [state.turned])

  return html`<section class=${sku ? "work catalog open" : "work catalog"}>
    <div class="panel finder">
      <h2>Catalog</h2>
      <div class="field find">${icons.search}
        <input ref=${field} name="find" value=${words} onInput=${(event) => setWords(event.target.value)} placeholder="Name, SKU or number" aria-label="Find a product" autocomplete="off" maxlength="200" />
      </div>
      ${error && html`<p class="refusal" role="alert">${error}</p>`}
      <ol class="scroll grow">
        ${found?.length === 0 && html`<li class="empty">Nothing is called that.</li>`}
        ${(found ?? []).map((card) => html`<${Row} key=${card.sku} card=${card} chosen=${card.sku === sku} onChoose=${setSku} />`)}
      </ol>
      <${Upload} onLoaded=${look} />
    </div>
    <div class="panel detail">
      ${sku
        ? html`<${Product} key=${sku} sku=${sku} turned=${state.turned} onBack=${() => setSku(null)} onGone=${() => { setSku(null); look() }} />`
        : html`<p class="empty">Choose a product to see each fact of it, with its version and where it comes from, and to change its price, stock and offers while the show runs.</p>`}
    </div>
  </section>`
}

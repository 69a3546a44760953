// Chat, products, and how the answers come about.

import { html } from "./vendor/htm-preact.js"
import { Blocked } from "./studio_blocked.js"
import { useFollow } from "./follow.js"
import { icons } from "./icons.js"
import { percentile } from "./show.js"

const FATES = { waiting: "", picked: "answering", answered: "answered", dropped: "not answered" }
const REASONS = { expired: "too late", crowded_out: "crowded out", interrupted: "stopped", merged: "asked alike", emoji_only: "no words", hostile: "hostile", empty: "no words", hype: "cheering", spam: "advertising", flooding: "too many from one", repeated: "answered just now", unread: "no time to read", unreadable: "unreadable", cleared: "stopped", taken_back: "taken back", blocked: "blocked", thanked: "thanked for already" }
const sum = (counts) => Object.values(counts).reduce((all, n) => all + n, 0)
const listed = (counts) => Object.entries(counts).map(([name, n]) => `${REASONS[name] ?? name}: ${n}`).join(", ")

export function Chat({ state, act }) {
  const { ref, onScroll } = useFollow(state.chat)
  const { merged = 0, ...lost } = state.stats.dropped ?? {}
  const dropped = sum(lost)
  const { unread = 0, picked = 0, untold = 0, happened = {} } = state.stats
  return html`<section class="panel talk">
    <h2>Chat <span class="grow"></span>
      ${unread > 0 && html`<span class="badge warn" title="Lines that came in faster than they can be read">${unread} unread</span>`}
      <span class="badge" title="Messages that wait">${state.stats.queued ?? 0} waiting</span>
      <span class="badge true" title=${`Begun to be answered. Offered in all: ${state.stats.offered ?? 0}`}>${picked} picked</span>
      <span class="badge" title="Alike questions, answered as one">${merged} merged</span>
      <span class=${dropped ? "badge warn" : "badge"} title=${listed(lost) + (untold ? `. Of them not listed below: ${untold}` : "")}>${dropped} dropped</span>
      ${sum(happened) > 0 && html`<span class="badge" title=${listed(happened)}>${sum(happened)} events</span>`}</h2>
    <${Blocked} blocked=${state.blocked} act=${act} />
    <ol class="lines scroll grow" ref=${ref} onScroll=${onScroll}>
      ${!state.chat.length && html`<li class="empty">Viewers' lines come in here; the one that is being answered is marked.</li>`}
      ${state.chat.map((line) => html`<li key=${line.id} class=${`line ${line.fate}`}>
        <p class="head"><b>${line.author}</b>
          ${line.language && line.language !== "en" && html`<span class="badge">${line.language}</span>`}
          ${line.source === "voice" && html`<span class="badge">voice</span>`}
          ${line.merged > 1 && html`<span class="badge blue" title="Alike questions, answered as one">×${line.merged}</span>`}
          <span class="grow"></span>
          <button class="quiet block" title=${`Take nothing more from ${line.author}`} onClick=${() => act.block({ line: line.id }, true)}>Block</button>
          ${FATES[line.fate] && html`<small title=${line.reason ?? ""}>${line.fate === "dropped" ? REASONS[line.reason] ?? line.reason : FATES[line.fate]}</small>`}</p>
        <p class="words">${line.text}</p>
      </li>`)}
    </ol>
  </section>`
}

export function Products({ state, act }) {
  return html`<section class="panel wares">
    <h2>Products</h2>
    <ol>
      ${state.products.map((card) => html`<li key=${card.sku}>
        <button class=${card.sku === state.card?.sku ? "ware on" : "ware"} aria-pressed=${card.sku === state.card?.sku} onClick=${() => act.pin(card.sku)} title=${card.number < 10 ? `Show (${card.number})` : "Show"}>
          ${card.image_url ? html`<img src=${card.image_url} alt="" loading="lazy" />` : html`<i></i>`}
          <span class="grow"><span class="title">${card.number}. ${card.title}</span>
            <small>${card.price} ${card.list_price && html`<s>${card.list_price}</s>`} ${card.stock && html`· ${/^\d+$/.test(card.stock) ? `${card.stock} left` : card.stock}`}</small></span>
          ${card.sku === state.card?.sku && html`<span class="badge true">${icons.pin}</span>`}
        </button></li>`)}
    </ol>
  </section>`
}

const STAGES = [["waited", "Waiting"], ["facts", "Facts"], ["first_sentence", "Sentence"], ["first_audio", "Sound"], ["first_frame", "On air"]]
const seconds = (value) => (value === null || value === undefined ? "–" : value < 9.95 ? value.toFixed(2) : value.toFixed(1))

function Bars({ times }) {
  const last = times.slice(-16)
  const most = Math.max(1, ...last.map(({ times_s }) => times_s.first_frame ?? times_s.first_audio ?? 0))
  return html`<div class="bars" title=${`The last answers, each by stage; full height is ${most.toFixed(1)} s`}>
    ${Array.from({ length: 16 }, (_, n) => last[n - 16 + last.length] ?? null).map((one, n) => {
      let from = 0
      return html`<span class="bar" key=${n}>${one && STAGES.map(([stage]) => {
        const until = one.times_s[stage]
        if (until === undefined || until === null || until < from) return null
        const height = ((until - from) / most) * 100
        from = until
        return html`<i key=${stage} class=${stage} style=${{ height: `${height}%` }}></i>`
      })}</span>`
    })}
  </div>`
}

const RUNGS = [["fact", "Fact first"], ["model", "Writer"], ["template", "Template"], ["prepared", "Prepared"], ["caption", "Caption only"], ["operator", "Operator"], ["notice", "AI notice"]]

export function Health({ state }) {
  const { stats, times } = state
  const rungs = stats.rungs ?? {}
  const most = Math.max(1, ...Object.values(rungs))
  const draw = stats.draw_ms ?? stats.stage_ms
  return html`<section class="panel health">
    <h2>Time to answer <span class="grow"></span><small title="Waiting: while others came first">s from its turn</small></h2>
    <${Bars} times=${times} />
    <table><thead><tr><th></th><th>last</th><th>p50</th><th>p95</th></tr></thead><tbody>
      ${STAGES.map(([stage, label]) => {
        const values = times.map(({ times_s }) => times_s[stage] - (stage === "waited" ? 0 : times_s.waited ?? 0)).filter((value) => value >= 0)
        return html`<tr key=${stage}><th><i class=${stage}></i>${label}</th>
          <td>${seconds(values.at(-1))}</td><td>${seconds(percentile(values, 0.5))}</td><td>${seconds(percentile(values, 0.95))}</td></tr>`
      })}
    </tbody></table>
    <h2>How it was said</h2>
    <ul class="ladder">
      ${RUNGS.map(([rung, label]) => html`<li key=${rung}><span>${label}</span>
        <span class="rail"><i class=${rung} style=${{ width: `${((rungs[rung] ?? 0) / most) * 100}%` }}></i></span><b>${rungs[rung] ?? 0}</b></li>`)}
    </ul>
    <ul class="tally">
      <li><span>Refused sentences</span><b>${stats.refused ?? 0}</b></li>
      <li><span>Withdrawn before airing</span><b>${stats.withdrawn ?? 0}</b></li>
      <li><span>Notices given</span><b>${stats.notices ?? 0}</b></li>
      ${stats.record && html`<li><span>Record</span><b>${stats.record.lines.toLocaleString("en")} lines</b></li>`}
      ${stats.record && html`<li><span>Recording</span>${stats.record.parts
        ? html`<b title="Files, each whole by itself">${(stats.record.bytes / 1e6).toFixed(0)} MB in ${stats.record.parts}</b>`
        : html`<b class="warn">off</b>`}</li>`}
      ${Boolean(stats.slates) && html`<li><span>Pictures replaced by the slate</span><b class="bad">${stats.slates}</b></li>`}
      ${draw && typeof draw === "object" && html`<li><span>Drawing, p50 / p95</span><b>${draw.p50} / ${draw.p95} ms</b></li>`}
      ${typeof stats.encode_ms === "number" && html`<li><span>Encoding</span><b>${stats.encode_ms.toFixed(1)} ms</b></li>`}
      ${Boolean(stats.pictures_dropped) && html`<li><span>Pictures not encoded</span><b class="bad">${stats.pictures_dropped}</b></li>`}
      ${Boolean(stats.viewers_dropped) && html`<li><span>Viewers too slow</span><b>${stats.viewers_dropped}</b></li>`}
    </ul>
    ${Object.entries(stats.troubles ?? {}).map(([sink, reason]) => html`<p key=${sink} class="trouble words" role="alert"><span class="badge bad">${sink} ended</span> ${reason}</p>`)}
  </section>`
}

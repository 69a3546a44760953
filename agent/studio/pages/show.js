// The show as the studio sees it: events in, state out.

const CHAT = 200
const TURNS = 60
const TIMES = 60

export const NOTHING = {
  known: false,
  shop: "", host: "", card: null, products: [],
  chat: [],      // {id, author, text, language, source, fate: waiting | picked | answered | dropped, reason, merged}
  turns: [],     // {id, author, text, language, operator, facts, items, times}
  now: null,     // id of the message being answered
  times: [],     // {id, times_s} of the last answered turns
  stats: {}, fps: null, onAirAt: null,
  takenOver: false,
  turned: null,   // the last change of the catalog: {version, cards, gone}
  plan: null,     // where the run of show is
  alert: null,    // someone may hurt themselves: {id, why, author, text}
  blocked: { viewers: [], words: [] },
  operator: null, // what became of the operator's last words: {text, refused?}
}

export function happened(state, event) {
  switch (event.kind) {
    case "state": return opened(event)
    case "asked": return { ...state, chat: addAsked(state.chat, event) }
    case "dropped": return { ...state, chat: fate(state.chat, event.id, "dropped", event.reason) }
    case "picked": return picked(state, event)
    case "alert": return { ...state, alert: event }
    case "facts": return inTurn(state, event, (turn) => ({ ...turn, sku: event.sku, topic: event.topic, facts: event.facts ?? [] }))
    case "said": return inTurn(state, event, (turn) => addItem(turn, event))
    case "withdrawn": return inTurn(state, event, (turn) => addItem(turn, event))
    case "refused": return refused(state, event)
    case "answered": return answered(state, event)
    case "pinned": return { ...state, card: event.card }
    case "cards": return { ...state, ...withCards(state, event), turned: event }
    case "blocked": return { ...state, blocked: event }
    case "plan": return { ...state, plan: event }
    case "taken_over": return { ...state, takenOver: event.on }
    case "stopped": return { ...state, now: null }
    case "stats": return counted(state, event)
    default: return state
  }
}

function opened(event) {
  const begun = {
    ...NOTHING,
    known: true,
    shop: event.shop, host: event.host, card: event.card,
    products: event.products ?? [],
    takenOver: Boolean(event.taken_over),
    blocked: event.blocked ?? NOTHING.blocked,
    stats: event.stats ?? {},
  }
  const kinds = [["chat", "asked"], ["picked", "picked"], ["said", "said"], ["refused", "refused"], ["answered", "answered"], ["alert", "alert"]]
  return kinds
    .flatMap(([name, kind]) => (event[name] ?? []).map((one) => ({ ...one, kind })))
    .sort((a, b) => a.at - b.at)
    .reduce(happened, begun)
}

// The products and the one on show, after the catalog has changed.
export function withCards(state, { cards, gone }) {
  const fresh = new Map(cards.map((card) => [card.sku, card]))
  const old = state.products.filter((card) => !fresh.has(card.sku) && !gone.includes(card.sku))
  const products = [...old, ...cards].sort((a, b) => a.number - b.number)
  const card = state.card && (fresh.get(state.card.sku) ?? state.card)
  return { products, card }
}

function addAsked(chat, event) {
  if (chat.some((line) => line.id === event.id)) return chat
  return [...chat, { ...event, fate: "waiting", merged: 0 }].slice(-CHAT)
}

const fate = (chat, id, what, reason) =>
  chat.map((line) => (line.id === id ? { ...line, fate: what, reason } : line))

// The operator's words are no chat line, and no pitch of the show's own.
const isOperators = (state, event) =>
  event.source === "operator" || event.author === "operator" ||
  (event.kind === "picked" && event.source === undefined &&
    !state.chat.some((line) => line.id === event.id) && !String(event.id).startsWith("pitch-"))

function picked(state, event) {
  const merged = Array.isArray(event.asked_by) ? event.asked_by.length : event.asked_by ?? 0
  return {
    ...inTurn(state, event, (turn) => turn),
    now: event.id,
    chat: fate(state.chat, event.id, "picked").map((line) => (line.id === event.id ? { ...line, merged } : line)),
    operator: isOperators(state, event) ? { id: event.id, text: event.text } : state.operator,
  }
}

// Changes the turn that *event* belongs to, or begins it.
function inTurn(state, event, change) {
  const id = event.id ?? (event.rung === "notice" ? `notice-${event.frame}` : null)
  const at = state.turns.findLastIndex((turn) => turn.id === id)
  if (at >= 0 && (id !== null || at === state.turns.length - 1)) {
    return { ...state, turns: state.turns.with(at, change(state.turns[at])) }
  }
  const line = state.chat.find((one) => one.id === event.id)
  const turn = {
    id,
    at: event.at,
    author: event.author ?? line?.author ?? "",
    question: line?.text ?? (event.kind === "picked" ? event.text : ""),
    language: line?.language ?? event.language,
    operator: isOperators(state, event),
    notice: event.rung === "notice",
    facts: [], items: [], times: null,
  }
  return { ...state, turns: [...state.turns, change(turn)].slice(-TURNS) }
}

function addItem(turn, event) {
  const twice = turn.items.some((one) => one.kind === event.kind && one.frame === event.frame && one.text === event.text)
  return twice && event.kind === "said" ? turn : { ...turn, items: [...turn.items, event] }
}

function refused(state, event) {
  const next = inTurn(state, event, (turn) => addItem(turn, event))
  if (state.operator?.id === event.id && event.id) return { ...next, operator: { ...state.operator, refused: event } }
  return next
}

function answered(state, event) {
  const next = inTurn(state, event, (turn) => ({ ...turn, times: event.times_s }))
  const times_s = { waited: waited(state, event), ...event.times_s }
  return {
    ...next,
    now: state.now === event.id ? null : state.now,
    chat: fate(state.chat, event.id, "answered"),
    times: [...state.times, { id: event.id, times_s }].slice(-TIMES),
  }
}

// How long a line waited for its turn, in seconds: others came first. When it came in is told by
// how long all of it took.
function waited(state, { id, at, times_s = {} }) {
  const turn = state.turns.findLast((one) => one.id === id)
  if (!turn || times_s.done === undefined) return undefined
  const until = Math.min(turn.at - (at - times_s.done), times_s.facts ?? Infinity, times_s.first_audio ?? Infinity)
  return Math.max(0, until)
}

// Pictures that went out between two reports, in a second.
function counted(state, event) {
  const last = state.stats
  let fps = event.fps ?? null
  if (fps === null && last.at && event.at > last.at) {
    const missed = (event.skipped ?? 0) - (last.skipped ?? 0)
    fps = (event.frame - last.frame - missed) / (event.at - last.at)
  }
  return { ...state, stats: event, fps }
}

export function percentile(values, share) {
  if (!values.length) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

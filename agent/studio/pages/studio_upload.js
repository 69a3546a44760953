// A file into the catalog while the show runs: sent, read, compared, and what came of it.

import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js"
import { call, upload } from "./api.js"
import { icons } from "./icons.js"

const EVERY_MS = 400
const STAGES = { receiving: "Sending", waiting: "Waiting", reading: "Reading", checking: "Checking", comparing: "Comparing", storing: "Storing", "taking in": "Going on the air" }
const OPTIONS = [
  ["dry_run", "Only look: report what would be, and store nothing"],
  ["add", "Keep products that this file does not name"],
  ["partial", "Load what is good although something is refused"],
]
const many = (number) => number.toLocaleString()
const total = (counts) => Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0)

function Findings({ title, tone, found }) {
  if (!found?.count) return null
  return html`<h4>${title} <span class=${`badge ${tone}`}>${many(found.count)}</span></h4>
    <ol class="findings">${found.first.slice(0, 5).map((one, n) => html`<li key=${n} class="words">
      <b>${one.file}${one.line ? ` line ${one.line}` : ""}${one.field ? `, ${one.field}` : ""}</b> ${one.value && html`<code>${one.value}</code>`} ${one.reason}${one.remedy ? html` <i>${one.remedy}</i>` : ""}</li>`)}</ol>`
}

function Report({ job, onClose }) {
  const { report } = job
  const counts = [["added", "true"], ["changed", "blue"], ["withdrawn", "warn"]].map(([name, tone]) => [name, tone, total(report[name])])
  const forms = [...new Set((report.files ?? []).map((one) => one.form))].filter(Boolean).join(", ")
  return html`<div class="report" role="status">
    <p class="head"><b class="words">${job.name}</b><span class="grow"></span><button class="close" aria-label="Close" onClick=${onClose}>${icons.cross}</button></p>
    <p class=${report.stored ? "outcome true" : "refusal"}>${report.outcome}</p>
    <p>${forms} <small>${many(report.read ?? 0)} rows read</small></p>
    <p class="counts">${counts.map(([name, tone, count]) => html`<span class=${`badge ${count ? tone : ""}`}>${many(count)} ${name}</span>`)}<span class="badge">${many(report.unchanged ?? 0)} unchanged</span></p>
    <${Findings} title="Refused" tone="bad" found=${report.refused} />
    <${Findings} title="To be looked at" tone="warn" found=${report.suspicious} />
    <a href=${job.report_url} target="_blank" rel="noopener">The whole report</a>
  </div>`
}

export function Upload({ onLoaded }) {
  const [options, setOptions] = useState({ dry_run: false, add: false, partial: false })
  const [open, setOpen] = useState(false)
  const [over, setOver] = useState(false)
  const [job, setJob] = useState(null)
  const [error, setError] = useState(null)
  const sending = useRef(null)
  const input = useRef(null)

  // One that was begun before this panel was opened, perhaps by a colleague.
  useEffect(() => {
    call("GET", "/load").then(({ ok, data }) => {
      const running = ok && data.loads.find((one) => !one.over)
      if (running) setJob((now) => now ?? running)
    })
  }, [])

  async function send(file) {
    if (!file || (job && !job.over)) return
    setError(null)
    setJob({ name: file.name, stage: "receiving", done: 0, total: file.size, over: false })
    sending.current = upload(file, options, (done, size) => setJob((last) => ({ ...last, done, total: size })))
    const { ok, data } = await sending.current.done
    sending.current = null
    if (input.current) input.current.value = ""
    if (ok) setJob(data)
    else {
      setJob(null)
      setError(data.error)
    }
  }
  useEffect(() => {
    if (!job?.id || job.over) return undefined
    const timer = setTimeout(async () => {
      const { ok, data } = await call("GET", `/load/${job.id}`)
      if (!ok) return setError(data.error)
      if (data.error) {
        setJob(null)
        return setError(data.error)
      }
      if (data.over) onLoaded()
      return setJob(data)
    }, EVERY_MS)
    return () => clearTimeout(timer)
  }, [job])

  const drop = (event) => {
    event.preventDefault()
    setOver(false)
    send(event.dataTransfer.files[0])
  }
  const share = job && job.total ? Math.min(1, job.done / job.total) : null
  return html`<div class=${over ? "upload over" : "upload"} onDragOver=${(event) => { event.preventDefault(); setOver(true) }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    ${job?.over && job.report ? html`<${Report} job=${job} onClose=${() => setJob(null)} />` : ""}
    ${error && html`<p class="refusal words" role="alert">${error}</p>`}
    ${job && !job.over
      ? html`<p class="progress"><span class="words grow">${icons.file} ${job.name}</span> <b>${STAGES[job.stage] ?? job.stage}${share === null ? (job.done ? ` ${many(job.done)}` : "") : ` ${Math.round(share * 100)} %`}</b>
          ${sending.current && html`<button class="close" aria-label="Cancel" onClick=${() => sending.current.cancel()}>${icons.cross}</button>`}</p>
        <span class="rail"><i class=${share === null ? "unknown" : ""} style=${{ width: `${(share ?? 0.3) * 100}%` }}></i></span>`
      : html`<p class="ask"><button class="small" onClick=${() => input.current.click()}>${icons.upload} Load a file…</button>
          <button class="tab" aria-expanded=${open} onClick=${() => setOpen(!open)}>Options${Object.values(options).some(Boolean) ? " ●" : ""}</button></p>
        ${open && html`<div class="options">${OPTIONS.map(([name, what]) => html`<label key=${name}><input type="checkbox" checked=${options[name]} onChange=${(event) => setOptions({ ...options, [name]: event.target.checked })} /> ${what}</label>`)}</div>`}
        <p class="hint">What the shop exports: CSV, Excel, JSON, a Shopify or Google feed. The show goes on meanwhile.</p>`}
    <input ref=${input} type="file" hidden aria-label="File to load" onChange=${(event) => send(event.target.files[0])} />
  </div>`
}

// Plays the show from the media socket, close behind the live edge.

import { connect } from "./socket.js"

const SEEK_BEHIND_S = 0.6
const EDGE_S = 0.08
const SILENT_MS = 8000

// onState is called with {state: "connecting" | "live" | "stalled" | "unsupported", behind_ms}.
export function play(video, onState) {
  const Source = window.ManagedMediaSource || window.MediaSource
  if (!Source) {
    onState({ state: "unsupported", behind_ms: 0 })
    return { close() {} }
  }
  let source = null
  let buffer = null
  let waiting = []
  let lastData = performance.now()
  let started = false

  function begin(mime) {
    waiting = []
    buffer = null
    started = false
    if (!Source.isTypeSupported(mime)) return onState({ state: "unsupported", behind_ms: 0 })
    const mine = new Source()
    source = mine
    video.disableRemotePlayback = true
    if (video.src) URL.revokeObjectURL(video.src)
    video.src = URL.createObjectURL(mine)
    mine.addEventListener("sourceopen", () => {
      if (source !== mine) return
      buffer = mine.addSourceBuffer(mime)
      buffer.mode = "segments"
      buffer.addEventListener("updateend", append)
      append()
    }, { once: true })
  }

  function append() {
    if (!buffer || buffer.updating || source.readyState !== "open" || video.error) return
    const ranges = video.buffered
    if (ranges.length && ranges.end(ranges.length - 1) - ranges.start(0) > 20) {
      return buffer.remove(0, Math.max(0.1, video.currentTime - 10))
    }
    if (!waiting.length) return
    const data = new Uint8Array(waiting.reduce((sum, part) => sum + part.byteLength, 0))
    let at = 0
    for (const part of waiting) {
      data.set(new Uint8Array(part), at)
      at += part.byteLength
    }
    waiting = []
    try {
      buffer.appendBuffer(data)
    } catch {
      socket.again()
    }
  }

  // Keeps to the live edge: a jump when far behind or in a hole, else a little faster.
  function follow() {
    const silent = performance.now() - lastData
    if (video.error || silent > SILENT_MS) {
      lastData = performance.now()
      return socket.again()
    }
    const ranges = video.buffered
    if (!ranges.length) return
    const end = ranges.end(ranges.length - 1)
    const start = ranges.start(ranges.length - 1)
    const behind = end - video.currentTime
    if (!started || behind > SEEK_BEHIND_S || video.currentTime < start) {
      started = true
      video.currentTime = Math.max(start, end - EDGE_S)
    }
    video.playbackRate = behind > 0.2 ? 1.06 : behind > 0.13 ? 1.02 : 1
    if (video.paused) video.play().catch(() => {})
    onState({ state: silent > 2000 ? "stalled" : "live", behind_ms: Math.round(behind * 1000) })
  }

  const socket = connect("/media", {
    onMessage(data) {
      lastData = performance.now()
      if (typeof data === "string") return begin(data)
      waiting.push(data)
      append()
    },
    onState(state) {
      lastData = performance.now()
      if (state !== "open") onState({ state: "connecting", behind_ms: 0 })
    },
  })
  const timer = setInterval(follow, 100)
  return {
    close() {
      clearInterval(timer)
      socket.close()
    },
  }
}

// Starts with sound where the browser allows it; gives whether it did.
export async function startWithSound(video) {
  video.muted = false
  try {
    await video.play()
    return true
  } catch {
    video.muted = true
    video.play().catch(() => {})
    return false
  }
}

// What is on the air, and the hand on it.

import { html, useEffect, useState } from "./vendor/htm-preact.js"
import { icons } from "./icons.js"
import { play, startWithSound } from "./player.js"
import { Next } from "./studio_next.js"

export function Air({ state, act, video, onPlan }) {
  const [air, setAir] = useState({ state: "connecting", behind_ms: 0 })
  const [muted, setMuted] = useState(true)

  useEffect(() => {
    const screen = video.current
    const player = play(screen, (next) => {
      // To tenths of a second: a page that redraws ten times a second helps nobody.
      const seen = { ...next, behind_ms: Math.round(next.behind_ms / 100) * 100 }
      setAir((last) => (last.state === seen.state && last.behind_ms === seen.behind_ms ? last : seen))
    })
    const follow = () => setMuted(screen.muted)
    screen.addEventListener("volumechange", follow)
    startWithSound(screen).then(follow)
    return () => player.close()
  }, [])

  const toggle = () => {
    video.current.muted = !video.current.muted
    video.current.play().catch(() => {})
  }
  return html`<section class="air">
    <div class="screen">
      <video ref=${video} playsinline muted></video>
      ${air.state !== "live" && html`<span class="veil">${air.state === "unsupported" ? "This browser cannot play the show" : "Waiting for the picture"}</span>`}
    </div>
    <div class="strip">
      <button aria-label=${muted ? "Sound on" : "Sound off"} onClick=${toggle}>
        ${muted ? icons.muted : icons.sound}<span>${muted ? "Sound is off" : "Sound is on"}</span><kbd>M</kbd></button>
      <span class="grow"></span>
      <span>${air.state === "live" ? `${(air.behind_ms / 1000).toFixed(1)} s buffered` : air.state}</span>
    </div>
    <div class="hand">
      <button class="button bad" onClick=${act.stop}>${icons.stop}<span>Stop</span><kbd>S</kbd></button>
      <button class=${state.takenOver ? "button warn on" : "button warn"} aria-pressed=${state.takenOver} onClick=${act.takeOver}>
        ${state.takenOver ? icons.back : icons.hand}<span>${state.takenOver ? "Give back" : "Take over"}</span><kbd>T</kbd></button>
      <p>${state.takenOver
        ? "The host answers nobody by itself. It says what you type, its notice, and that it is an AI when asked."
        : "Stop ends what is being said, within a frame. The AI notice cannot be stopped."}</p>
    </div>
    <${Next} state=${state} onOpen=${onPlan} />
  </section>`
}

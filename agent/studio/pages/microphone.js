// One voice message from the microphone.

export const LONGEST_S = 30
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"]

export const canRecord = () => Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia)

// Begins to record; gives {stop, cancel, done}, done being a promise of a Blob, or null when
// cancelled. Throws the browser's error when the microphone cannot be had.
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
  })
  const type = TYPES.find((name) => MediaRecorder.isTypeSupported(name))
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 })
  const parts = []
  let cancelled = false
  recorder.ondataavailable = (event) => parts.push(event.data)
  const done = new Promise((resolve) => {
    recorder.onstop = () => {
      clearTimeout(timer)
      for (const track of stream.getTracks()) track.stop()
      resolve(cancelled || !parts.length ? null : new Blob(parts, { type }))
    }
  })
  const stop = () => recorder.state !== "inactive" && recorder.stop()
  const timer = setTimeout(stop, LONGEST_S * 1000)
  recorder.start()
  return {
    stop,
    cancel() {
      cancelled = true
      stop()
    },
    done,
  }
}

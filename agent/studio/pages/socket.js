// A socket that comes back by itself.

// Calls onMessage(text or ArrayBuffer) and onState("connecting" | "open" | "refused").
// Gives {send, close}; send is false while there is no connection.
export function connect(path, { first, onMessage, onState }) {
  let socket = null
  let tries = 0
  let closed = false
  let timer = 0

  function open() {
    onState("connecting")
    const scheme = location.protocol === "https:" ? "wss:" : "ws:"
    socket = new WebSocket(`${scheme}//${location.host}${path}`)
    socket.binaryType = "arraybuffer"
    socket.onopen = () => {
      if (first) socket.send(first)
      onState("open")
    }
    socket.onmessage = (event) => {
      tries = 0
      onMessage(event.data)
    }
    socket.onclose = (event) => {
      if (closed) return
      if (event.code === 4401) return onState("refused")
      onState("connecting")
      timer = setTimeout(open, backOff(tries++))
    }
  }

  open()
  return {
    send(data) {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(data)
      return true
    },
    close() {
      closed = true
      clearTimeout(timer)
      socket.close()
    },
    // Begin anew, as the peer has fallen silent.
    again() {
      socket.close()
    },
  }
}

// Half a second to eight, with jitter, so that a thousand viewers do not return at once.
function backOff(tries) {
  return Math.min(8000, 500 * 2 ** tries) * (0.6 + 0.8 * Math.random())
}

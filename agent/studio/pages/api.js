// The catalog over HTTP, with the studio's token.

const token = () => sessionStorage.getItem("token") ?? ""

// Gives {ok, data}; where it is not ok, data.error says why, and data.sure that it may be asked again.
export async function call(method, path, body) {
  try {
    const response = await fetch(`/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${token()}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { ok: response.ok, data: await response.json() }
  } catch {
    return { ok: false, data: { error: "The show cannot be reached; nothing was changed." } }
  }
}

// Sends a file; onProgress(sent, size). Gives {done, cancel}, done as call gives it.
export function upload(file, options, onProgress) {
  const request = new XMLHttpRequest()
  const flags = Object.entries(options).map(([name, on]) => `&${name}=${on ? 1 : 0}`).join("")
  const done = new Promise((resolve) => {
    const failed = (error) => resolve({ ok: false, data: { error } })
    request.onload = () => {
      try {
        resolve({ ok: request.status < 300, data: JSON.parse(request.responseText) })
      } catch {
        failed("The show gave no answer that could be read.")
      }
    }
    request.onerror = () => failed("The upload broke off; nothing was loaded.")
    request.onabort = () => failed("Cancelled; nothing was loaded.")
  })
  request.upload.onprogress = (event) => onProgress(event.loaded, event.total)
  request.open("POST", `/api/load?name=${encodeURIComponent(file.name)}${flags}`)
  request.setRequestHeader("Authorization", `Bearer ${token()}`)
  request.send(file)
  return { done, cancel: () => request.abort() }
}

export const at = (...parts) => `/catalog/${parts.map(encodeURIComponent).join("/")}`

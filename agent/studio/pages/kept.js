// What a browser keeps for a viewer; nothing where it may not, as in some frames of other sites.

export function kept(name) {
  try {
    return localStorage.getItem(name) ?? ""
  } catch {
    return ""
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Then it is asked again next time.
  }
}

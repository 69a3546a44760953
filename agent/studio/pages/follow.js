// A list that stays at its end while new lines come, unless one has scrolled up to read.

import { useEffect, useRef } from "./vendor/htm-preact.js"

const NEAR = 60

// Gives {ref, onScroll} for the list that shows *what*.
export function useFollow(what) {
  const ref = useRef()
  const following = useRef(true)
  const top = useRef(0)
  useEffect(() => {
    if (following.current) ref.current.scrollTop = ref.current.scrollHeight
  }, [what])
  function onScroll() {
    const box = ref.current
    // Only going up is a wish to read; lines that grew meanwhile are none.
    if (box.scrollTop < top.current) following.current = false
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR) following.current = true
    top.current = box.scrollTop
  }
  return { ref, onScroll }
}

import { freshKey } from './key'

const NAME = 'device'

/** This browser's name, drawn once: limits on messages are counted by it. It says nothing about who uses it. */
export function device(): string {
  const kept = localStorage.getItem(NAME)
  if (kept) return kept
  const drawn = freshKey()
  localStorage.setItem(NAME, drawn)
  return drawn
}

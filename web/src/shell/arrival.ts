/** Whether the current page was reached by a link inside the site rather than by loading it. */
let navigations = 0

export function onRoute(): void {
  navigations += 1
  window.scrollTo(0, 0)
}

export const arrived = (): boolean => navigations > 0

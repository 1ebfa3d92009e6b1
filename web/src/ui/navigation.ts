let navigations = 0

/** Called by the router after each navigation inside the site. */
export function onRouteChange(): void {
  navigations += 1
  window.scrollTo(0, 0)
}

/** False while the page that was loaded first is shown. */
export const hasNavigated = (): boolean => navigations > 0

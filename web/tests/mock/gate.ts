/** A barrier for tests: operations of the mock server wait at a closed gate until the test opens it. */
export class Gate {
  private opened: Promise<void> = Promise.resolve()
  private release: () => void = () => undefined

  close(): void {
    this.opened = new Promise((resolve) => {
      this.release = resolve
    })
  }

  open(): void {
    this.release()
    this.opened = Promise.resolve()
  }

  /** Resolves at once while the gate is open. */
  wait(): Promise<void> {
    return this.opened
  }
}

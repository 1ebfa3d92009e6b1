"""The process that `up` leaves running: front server, sandbox and, unless LocalStack runs in Docker, MiniStack; until SIGTERM.

Only `stack.py` starts it.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from build_support.environment import ROOT, stop

from . import cloud, front, sandbox
from .stack import Stack


def end_with(parent: int, ended: threading.Event) -> None:
    """Sets `ended` when the process `parent` has ended."""
    while os.getppid() == parent:
        time.sleep(1)
    ended.set()


def main() -> None:
    state, options = Path(sys.argv[1]), json.loads(sys.argv[2])
    stack = Stack(state, options["cloudPort"], options["pagePort"])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    if options["lifeline"]:
        threading.Thread(target=end_with, args=(os.getppid(), ended), daemon=True).start()
    try:
        page = front.server(stack.page_port, ROOT / "web" / "dist", stack.endpoint, stack.outputs)
    except OSError as taken:
        stop(f"port {stack.page_port} for the page: {taken.strerror}", "choose another with --page-port")
    providers = sandbox.start(options["providers"], state, stack.page)
    process = None
    if not options["docker"]:
        process = cloud.start(stack.cloud_port, state, keep=options["keep"], lifeline=True)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    facts = {"pid": os.getpid(), "cloudPort": stack.cloud_port, "pagePort": stack.page_port, "docker": options["docker"]}
    half = stack.running.with_suffix(".part")
    half.write_text(json.dumps(facts))
    half.rename(stack.running)
    while not ended.wait(1):
        if process and process.poll() is not None:
            print(f"MiniStack ended unexpectedly with exit code {process.returncode}", flush=True)
            break
    page.shutdown()
    providers.terminate()
    if process:
        cloud.stop_gracefully(process.pid)
    stack.running.unlink(missing_ok=True)


main()
